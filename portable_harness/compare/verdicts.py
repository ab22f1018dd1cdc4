"""From a ratio and its interval to a word."""

from __future__ import annotations

import enum

from portable_harness.compare.statistics import Spread

SAME = 0.05  # an interval that is within this of 1 is that of the same
BUSY = 0.1  # share of the machine's processors that others may use


class Verdict(str, enum.Enum):
    """What a cell is, compared with the first side of its row."""

    REFERENCE = "reference"
    FASTER = "faster"
    SLOWER = "slower"
    SAME = "same"
    INCONCLUSIVE = "inconclusive"
    GENERATOR_BOUND = "generator-bound"
    FAILED = "failed"
    ABSENT = "absent"


def judge(ratio: Spread | None, *, less_is_better: bool, busy: float, bound: bool) -> Verdict:
    """Better or worse only where the whole interval is, and more so than others could explain.

    Others who used the share ``busy`` of the machine may have slowed one side down to 1 - busy.
    """
    if bound:
        return Verdict.GENERATOR_BOUND
    if ratio is None:
        return Verdict.INCONCLUSIVE
    margin = 1 - min(busy, 0.99) if busy >= BUSY else 1.0
    if margin == 1.0 and ratio.low >= 1 - SAME and ratio.high <= 1 + SAME:
        return Verdict.SAME
    if margin < ratio.high and ratio.low < 1 / margin:
        return Verdict.INCONCLUSIVE
    if ratio.low <= 1 <= ratio.high:
        return Verdict.INCONCLUSIVE
    above = ratio.low > 1
    return Verdict.FASTER if above != less_is_better else Verdict.SLOWER

"""Does a server grow over a long run?

The rounds of a workload on one server are compared in quarters. The first one fills pools, buffers
and heaps; the median of the last is compared with that of the second.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from portable_harness.compare.metrics import value
from portable_harness.compare.records import Record

LEAST_ROUNDS = 12
MEBIBYTE = 1 << 20
# What may be added, and 5% as well.
ALLOWED = {"threads": 4.0, "descriptors": 8.0, "rss": 8.0 * MEBIBYTE}


def remarks(rounds: Sequence[Record]) -> list[str]:
    """What grew, in the order of the rounds; nothing where they are too few to tell."""
    if len(rounds) < LEAST_ROUNDS:
        return []
    quarter = len(rounds) // 4
    grew = []
    for metric, allowed in ALLOWED.items():
        found = [number for record in rounds if (number := value(record, metric)) is not None]
        if len(found) < len(rounds):
            continue
        early, late = median(found[quarter : 2 * quarter]), median(found[-quarter:])
        if late > early * 1.05 + allowed:
            grew.append(f"{metric} grew from {_shown(metric, early)} to {_shown(metric, late)}")
    return grew


def _shown(metric: str, number: float) -> str:
    return f"{number / MEBIBYTE:.0f} MiB" if metric == "rss" else f"{number:g}"

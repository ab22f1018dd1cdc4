"""The answer first: one paragraph in plain words, from the same numbers as all that follows.

It has a ratio only with an interval that says something. Where there is none it says that the
question is open, why, and what to do; a bare interval such as 0.02 to 280 would be read as one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

from portable_harness.compare.ratios import side_by_side
from portable_harness.compare.statistics import Spread
from portable_harness.compare.summary import Cell, Row, Summary
from portable_harness.compare.verdicts import BUSY, Verdict

KNOWN = (Verdict.FASTER, Verdict.SLOWER, Verdict.SAME)
OPEN = 1.5  # an interval that includes 1 tells something when its ends differ by less than this
UNCLEAR = 4.0  # an interval with ends that differ by more is not shown at all
ALIKE = 0.1  # memory is mentioned when it differs by more
AGAIN = "measure again on a quiet machine, or with more and longer rounds (--rounds 15 --seconds 2)"
MORE_LOAD = (
    "Give the generator a machine of its own (--load ssh=HOST), or use one with more processors"
)


def answer(summary: Summary) -> str:
    """The paragraph; "" where nothing is compared and nothing was measured."""
    if not summary.others:
        return _alone(summary)
    return " ".join(_of_side(summary, str(side["name"])) for side in summary.others)


def warnings(summary: Summary) -> list[str]:
    """What limits the whole run, once, with what to do."""
    found = []
    shares = [c.busy for row in summary.rows for c in row.cells.values() if c.rounds]
    if shares and median(shares) >= BUSY:
        found.append(f"Warning: other programs used {median(shares):.0%} of the processors, so"
                     f" that smaller differences cannot be proven; {AGAIN}.")  # fmt: skip
    if rows := [row.title for row in summary.rows if _is_bound(row)]:
        found.append(f"Warning: the load generator was the limit in: {'; '.join(rows)}."
                     f" The servers may be faster than shown. {MORE_LOAD}.")  # fmt: skip
    return found


def is_unclear(ratio: Spread) -> bool:
    """Whether the interval is so wide that it would mislead."""
    return not math.isinf(ratio.high) and ratio.high > UNCLEAR * ratio.low


def times(ratio: Spread) -> str:
    """1.6 times (1.5 to 1.7)."""
    return f"{_number(ratio.middle)} times ({_number(ratio.low)} to {_number(ratio.high)})"


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1.05 else f"{value:.2g}"


def _is_bound(row: Row) -> bool:
    return any(cell.verdict is Verdict.GENERATOR_BOUND for cell in row.cells.values())


def _where(summary: Summary) -> str:
    """On this machine; nothing where there are several, or two runs."""
    hosts = {side.get("host") for side in summary.sides}
    here = len(hosts) == 1 and summary.basis.sample is side_by_side
    return "On this machine " if here else ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _what(summary: Summary) -> str:
    return "this application" if summary.run.environment.get("application") else "the server"


def _alone(summary: Summary) -> str:
    """The one side that there is: its best rate."""
    cells = [
        (cell.values["rate"].middle, row.title, cell.side)
        for row in summary.rows
        for cell in row.cells.values()
        if "rate" in cell.values and cell.metric == "rate"
    ]
    if not cells:
        return ""
    rate, title, side = max(cells)
    text = f"{_where(summary)}{_what(summary)} serves up to {rate:,.0f} requests per second"
    return f"{_capital(text)} on {_name(summary, side)} ({title})."


def _name(summary: Summary, side: str) -> str:
    """With the state of its lock, where that is not what the name says."""
    title, module = summary.title(side), summary.run.gil_modules.get(side)
    if module:
        return f"{title}, with the GIL that {module} brought back,"
    free = any(s["name"] == side and s.get("gil_build") is False for s in summary.sides)
    without = summary.run.gil.get(side) is False and free and title.startswith("CPython")
    return f"{title} without the GIL" if without else title


def _of_side(summary: Summary, side: str) -> str:
    ours, theirs = _name(summary, side), _name(summary, summary.reference(side))
    cells = [(row, row.cells[side]) for row in summary.rows if row.cells[side].rounds]
    if not cells:
        failed = next((c.remarks for row in summary.rows if (c := row.cells[side]).remarks), None)
        return f"{ours} was not measured" + (f": {failed[0]}." if failed else ".")
    known = [(row, cell, cell.ratio) for row, cell in cells
             if cell.metric == "rate" and cell.verdict in KNOWN and cell.ratio]  # fmt: skip
    ranked = sorted(known, key=lambda found: found[2].middle, reverse=True)
    if not ranked:
        return _open(summary, side, cells)
    (most, _, ratio), (least, _, lowest) = ranked[0], ranked[-1]
    text = f"{_where(summary)}{_what(summary)} serves {times(ratio)} as many requests on {ours}"
    text += f" as on {theirs} in {most.title}"
    if least is not most:
        text += f", and {times(lowest)} as many in {least.title}"
    return f"{_capital(text)}{_memory(summary, side)}."


def _open(summary: Summary, side: str, cells: Sequence[tuple[Row, Cell]]) -> str:
    """No workload has a rate that is known to differ, or to be the same."""
    ours, theirs = _name(summary, side), _name(summary, summary.reference(side))
    rates = [(row, cell) for row, cell in cells if cell.metric == "rate"]
    if not rates:
        return f"{ours} and {theirs} were not compared by requests; see the findings."
    if all(cell.verdict is Verdict.GENERATOR_BOUND for _, cell in rates):
        return f"{ours} and {theirs} cannot be told apart: the load generator is the limit."
    narrow = [c.ratio for _, c in rates if c.ratio and c.ratio.high < OPEN * c.ratio.low]
    if narrow:
        low, high = min(r.low for r in narrow), max(r.high for r in narrow)
        return (f"No difference between {ours} and {theirs} is proven: {_number(low)} to"
                f" {_number(high)} times as many requests{_memory(summary, side)}.")  # fmt: skip
    return (f"How {ours} and {theirs} differ in requests cannot be measured now: {_why(rates)}"
            f"{_memory(summary, side)}.")  # fmt: skip


def _why(cells: Sequence[tuple[Row, Cell]]) -> str:
    busy = median([cell.busy for _, cell in cells])
    if busy >= BUSY:
        return f"other programs used {busy:.0%} of the processors"  # what to do is a warning
    if max(cell.rounds for _, cell in cells) < 3:
        return f"there are too few rounds ({AGAIN})"
    return f"the rounds differ too much from each other ({AGAIN})"


def _memory(summary: Summary, side: str) -> str:
    """The process's memory, which does not depend on what others do."""
    ratios = []
    for row in summary.rows:
        ours, theirs = (row.cells[name].values.get("rss")
                        for name in (side, summary.reference(side)))  # fmt: skip
        if ours and theirs and theirs.middle:
            ratios.append(ours.middle / theirs.middle)
    if not ratios or abs(median(ratios) - 1) < ALIKE:
        return ""
    return f"; {_name(summary, side)} needs {_number(median(ratios))} times the memory"

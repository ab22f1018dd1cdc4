"""Findings in words, from the numbers and their uncertainty; nothing is said that is not sure."""

from __future__ import annotations

import math

from portable_harness.compare.statistics import Spread
from portable_harness.compare.summary import Cell, Row, Summary
from portable_harness.compare.verdicts import Verdict
from portable_harness.compare.workloads import counted

TELLING = 0.1  # other metrics than the rate are reported when they differ by more than this

OTHER_MACHINES = "Warning: other machines: a ratio is of machine and server together."
NARROW = 1.5  # the ends of an interval that tells something although it includes 1


def findings(summary: Summary) -> list[str]:
    """The overall ratio first, then a sentence for each kind and side, and what scales."""
    machines = {side.get("host") for side in summary.sides}
    sentences = [OTHER_MACHINES] if len(machines) > 1 else []
    sentences += [_overall(summary, side, ratio) for side, ratio in summary.overall.items()]
    sentences += _of_cells(summary) + _unclear(summary) + _starts(summary) + _within(summary)
    return sentences


def notes(summary: Summary) -> list[str]:
    """What a reader has to know before the numbers."""
    run, sentences = summary.run, []
    if run.status != "complete":
        why = str((run.end or {}).get("message") or run.status)
        why = why if why.startswith(run.status) else f"{run.status}: {why}"
        sentences.append(f"The run is not complete ({why}).")
    if run.torn:
        sentences.append(f"{run.torn} records could not be read and are left out.")
    for side in summary.sides:
        name = side["name"]
        if name in run.gil:
            state = "in force" if run.gil[name] else "off"
            module = run.gil_modules.get(name)
            why = f", brought back by the extension module {module}" if module else ""
            sentences.append(f"{summary.title(name)}: the GIL was {state} at the end{why}.")
    return sentences


def number(value: float) -> str:
    """Two significant digits that people say: 0.85, 1.8, 12, 340."""
    if value >= 10:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 2 else f"{value:.2f}"


def between(ratio: Spread) -> str:
    """'1.8 to 2.1', or '1.9' when both ends read the same; 'about 9' without an interval."""
    if math.isinf(ratio.high):
        return f"about {number(ratio.middle)}"
    low, high = number(ratio.low), number(ratio.high)
    return low if low == high else f"{low} to {high}"


def _overall(summary: Summary, side: str, ratio: Spread) -> str:
    ours, theirs = summary.title(side), summary.title(summary.reference(side))
    verdict = summary.overall_verdict(side)
    if verdict is Verdict.SAME:
        return f"Over all workloads {ours} is within 5% of {theirs}."
    if verdict is Verdict.INCONCLUSIVE:
        known = f": {between(ratio)} times as many requests" if _is_telling(ratio) else ""
        return f"Over all workloads no difference between {ours} and {theirs} is proven{known}."
    return f"Over all workloads {ours} serves {between(ratio)} times as many requests as {theirs}."


def _of_cells(summary: Summary) -> list[str]:
    """What is of one kind is one sentence: the same beginning, then each workload."""
    found: dict[str, list[str]] = {}
    for row in summary.rows:
        for cell in row.cells.values():
            if said := _of_cell(summary, row, cell):
                found.setdefault(said[0], []).append(said[1])
    return [begin.format("; ".join(parts)) for begin, parts in found.items()]


def _of_cell(summary: Summary, row: Row, cell: Cell) -> tuple[str, str] | None:
    """A sentence with a gap, and what goes there. The gap is the only brace of it."""
    ours, theirs = (_plain(summary.title(side))
                    for side in (cell.side, summary.reference(cell.side)))  # fmt: skip
    if cell.verdict is Verdict.FAILED:
        return f"{ours} failed: {_plain(cell.remarks[0])} (in {{}}).", row.title
    if cell.verdict not in (Verdict.FASTER, Verdict.SLOWER) or cell.ratio is None:
        return None
    times = f"{between(cell.ratio)} times"
    if cell.metric == "memory_per_connection":
        return f"The memory that {ours} needs, compared with {theirs}, is {{}}.", (
            f"{times} for each of {row.title}")  # fmt: skip
    if cell.metric == "p99":
        return f"The p99 latency of {ours}, compared with {theirs}, is {{}}.", (
            f"{times} in {row.title}")  # fmt: skip
    verb = "delivers" if row.family == "chat" else "serves"
    thing = {"chat": "lines", "churn": "connections"}.get(row.family, "requests")
    more = "more" if cell.verdict is Verdict.FASTER else "fewer"
    bound = ", near the limit of the load generator" * cell.near_ceiling
    return f"{ours} {verb} {more} {thing} than {theirs}: {{}}.", f"{times} in {row.title}{bound}"


def _plain(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _unclear(summary: Summary) -> list[str]:
    """One sentence a side for what came out alike or open."""
    sentences = []
    for side in summary.others:
        name = side["name"]
        for verdict, text in (
            (Verdict.SAME, "within 5% of"),
            (Verdict.INCONCLUSIVE, "not proven to differ from"),
        ):
            rows = [row.title for row in summary.rows if row.cells[name].verdict is verdict]
            if rows:
                first = summary.title(summary.reference(name))
                sentences.append(f"{summary.title(name)} is {text} {first} in: {'; '.join(rows)}.")
    return sentences


def _starts(summary: Summary) -> list[str]:
    sentences = []
    for side, ratio in summary.start_ratios.items():
        if ratio.low > 1 + TELLING or ratio.high < 1 - TELLING:
            ours, theirs = summary.title(side), summary.title(summary.reference(side))
            took = f"{summary.starts[side].middle:.2g} s"
            sentences.append(f"The start of {ours} takes {between(ratio)} times as long as that of"
                        f" {theirs} ({took}).")  # fmt: skip
    return sentences


def _is_telling(ratio: Spread) -> bool:
    """A difference, or that there is hardly one; not that everything is possible."""
    return ratio.low > 1 or ratio.high < 1 or ratio.high < NARROW * ratio.low


def _within(summary: Summary) -> list[str]:
    sentences = []
    for scaling in summary.within:
        if not _is_telling(scaling.ratio):
            continue
        ours, times = summary.title(scaling.side), between(scaling.ratio)
        if scaling.kind == "convoy":
            sentences.append(f"With a computing thread, {ours} serves {times} of the requests"
                        f" that it serves without, on {counted(scaling.connections)}.")  # fmt: skip
        else:
            sentences.append(f"With {scaling.work_us:,} us of work a line, {scaling.connections}"
                        f" connections give {ours} {times} times the rate of"
                        f" {scaling.base}.")  # fmt: skip
    return sentences

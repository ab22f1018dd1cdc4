"""What a run says: for each workload a cell for each side, with ratios and a verdict.

The ratio of a cell is to the first side, of what counts in that workload: requests a second, or
latency where the rate is given (``rate``), or memory for a connection (``idle``).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from harness.compare.records import Record, Run
from harness.compare.statistics import Sample, Spread, intervals, paired, spread
from harness.compare.verdicts import Verdict, judge

PERCENTILES = ("p50", "p90", "p99", "p999", "max")
# What is shown of a measurement: its name here, and where it is in the record.
METRICS: dict[str, tuple[str, ...]] = {
    "rate": ("rate",),
    **{name: ("latency", name) for name in PERCENTILES},
    "cpu_per_request": ("server", "cpu_per_request"),
    "cores": ("server", "cores"),
    "rss": ("server", "rss"),
    "threads": ("server", "threads"),
    "memory_per_connection": ("memory_per_connection",),
    "threads_per_connection": ("threads_per_connection",),
    "accept_rate": ("accept_rate",),
}
COMPARED = ("rate", "p50", "p99", "cpu_per_request", "memory_per_connection", "accept_rate")
LESS_IS_BETTER = ("p50", "p99", "cpu_per_request", "memory_per_connection", "start")


@dataclass
class Cell:
    """A workload on a side. ``ratios`` by metric; the verdict is about ``metric``."""

    side: str
    metric: str
    values: dict[str, Spread] = field(default_factory=dict)
    ratios: dict[str, Spread] = field(default_factory=dict)
    rounds: int = 0
    busy: float = 0.0
    near_ceiling: bool = False
    verdict: Verdict = Verdict.ABSENT
    remarks: list[str] = field(default_factory=list)

    @property
    def ratio(self) -> Spread | None:
        return self.ratios.get(self.metric)


@dataclass
class Row:
    """A workload with its cells, and what the generator reached against its reference."""

    record: Record
    cells: dict[str, Cell]
    ceiling: float | None

    @property
    def name(self) -> str:
        return str(self.record["name"])

    @property
    def title(self) -> str:
        return printable(str(self.record.get("title", self.name)))

    @property
    def family(self) -> str:
        return str(self.record.get("family", ""))


@dataclass
class Within:
    """A ratio of two workloads on one side: scaling with connections, or a thread beside."""

    side: str
    kind: str
    workload: str
    against: str
    work_us: int | None
    connections: int
    base: int
    ratio: Spread


@dataclass
class Summary:
    """All of it; ``findings`` are sentences."""

    run: Run
    sides: list[Record]
    rows: list[Row]
    starts: dict[str, Spread]
    start_ratios: dict[str, Spread]
    within: list[Within]
    overall: dict[str, Spread]
    findings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def reference(self) -> str:
        return str(self.sides[0]["name"]) if self.sides else ""

    def title(self, side: str) -> str:
        record = next(one for one in self.sides if one["name"] == side)
        return printable(str(record.get("title") or side))


def printable(text: str) -> str:
    """As one line that a terminal, a page and a drawing can show."""
    return "".join(one if one.isprintable() else "?" for one in text)


def summarise(run: Run) -> Summary:
    """Everything that tables, sentences and pictures are made from."""
    from harness.compare import sentences

    rows = [_row(run, record) for record in run.workloads]
    _compare(run, rows)
    starts = {
        str(side["name"]): spread([one["seconds"] for one in found])
        for side in run.sides
        if (found := run.started(side["name"]))
    }
    summary = Summary(
        run, run.sides, rows, starts, _start_ratios(run), _within(run), _overall(run, rows)
    )
    summary.notes = sentences.notes(summary)
    summary.findings = sentences.findings(summary)
    return summary


def metric_of(workload: Record) -> str:
    """What counts in it."""
    if workload.get("family") == "idle" or workload.get("mode") == "idle":
        return "memory_per_connection"
    return "p99" if workload.get("offered_rate") else "rate"


def value(record: Record, metric: str) -> float | None:
    """A finite number, or None where it was not measured."""
    found: Any = record
    for key in METRICS[metric]:
        found = found.get(key) if isinstance(found, dict) else None
    usable = isinstance(found, (int, float)) and math.isfinite(found)
    return float(found) if usable else None


def _row(run: Run, workload: Record) -> Row:
    rates = [one["rate"] for one in run.ceilings if one["workload"] == workload["name"]]
    row = Row(workload, {}, median(rates) if rates else None)
    for side in run.sides:
        row.cells[side["name"]] = _cell(run, row, side)
    return row


def _cell(run: Run, row: Row, side: Record) -> Cell:
    cell = Cell(side["name"], metric_of(row.record))
    measured = run.rounds(row.name, cell.side)
    good = [one for one in measured.values() if not one.get("error")]
    failed = [str(one["error"]) for one in measured.values() if one.get("error")]
    cell.rounds = len(good)
    for metric in METRICS:
        values = [found for one in good if (found := value(one, metric)) is not None]
        if values:
            cell.values[metric] = spread(values)
    if good:
        cell.busy = median([_busy(one) for one in good])
    elif failed:
        cell.verdict = Verdict.FAILED
    rate = cell.values.get("rate")
    if rate and row.ceiling and cell.metric == "rate":
        cell.near_ceiling = rate.middle >= 0.7 * row.ceiling
    cell.remarks = _remarks(run, row, cell, failed)
    return cell


def _busy(record: Record) -> float:
    """The share of the machine that others took."""
    return max(float(record.get("other_cpu") or 0), float(record.get("steal") or 0))


def _remarks(run: Run, row: Row, cell: Cell, failed: list[str]) -> list[str]:
    remarks = [f"failed {len(failed)}x: {failed[0]}"] if failed else []
    if cell.near_ceiling:
        remarks.append("generator-bound")
    offered = row.record.get("offered_rate")
    if offered and "rate" in cell.values and cell.values["rate"].middle < 0.98 * offered:
        remarks.append("overloaded")
    warm = [w for w in run.warmups if (w["side"], w.get("workload")) == (cell.side, row.name)]
    if any(one.get("settled") is False for one in warm):
        remarks.append("rate had not settled")
    if cell.busy >= 0.1:
        remarks.append(f"others used {cell.busy:.0%} of the processors")
    return remarks


def pairs(run: Run, ours: tuple[str, str], theirs: tuple[str, str], metric: str) -> Sample | None:
    """A metric of (workload, side) against another's, round by round."""
    a, b = run.rounds(*ours), run.rounds(*theirs)
    found = [(value(a[n], metric), value(b[n], metric)) for n in a if n in b]
    both = [(x, y) for x, y in found if x is not None and y is not None]
    return paired([x for x, _ in both], [y for _, y in both])


def _compare(run: Run, rows: Iterable[Row]) -> None:
    """Ratios to the first side, then the verdicts. What counts is judged together, for all."""
    if not run.sides:
        return
    rows, first = list(rows), str(run.sides[0]["name"])
    for metric in ("", *COMPARED):  # "": what counts in each workload
        _ratios(run, rows, first, metric)
    for row in rows:
        for cell in row.cells.values():
            _judge(cell, row.cells[first])


def _ratios(run: Run, rows: list[Row], first: str, metric: str) -> None:
    """Those of one metric, made together so that all of them hold."""
    others = [(row, cell) for row in rows for cell in row.cells.values() if cell.side != first]
    samples = {}
    for row, cell in others:
        ours, theirs = (row.name, cell.side), (row.name, first)
        if sample := pairs(run, ours, theirs, metric or cell.metric):
            samples[ours] = sample
    made = intervals(samples)
    for row, cell in others:
        if (row.name, cell.side) in made:
            cell.ratios.setdefault(metric or cell.metric, made[row.name, cell.side])


def _judge(cell: Cell, reference: Cell) -> None:
    if cell.verdict is Verdict.FAILED or not cell.rounds:
        return
    if cell is reference:
        cell.verdict = Verdict.REFERENCE
        return
    bound = cell.near_ceiling and reference.near_ceiling
    busy = max(cell.busy, reference.busy)
    less = cell.metric in LESS_IS_BETTER
    cell.verdict = judge(cell.ratio, less_is_better=less, busy=busy, bound=bound)


def _start_ratios(run: Run) -> dict[str, Spread]:
    if not run.sides:
        return {}
    by_side = {
        str(side["name"]): {one["round"]: one["seconds"] for one in run.started(side["name"])}
        for side in run.sides
    }
    first = by_side[str(run.sides[0]["name"])]
    samples = {}
    for name, own in list(by_side.items())[1:]:
        shared = [n for n in own if n in first]
        if sample := paired([own[n] for n in shared], [first[n] for n in shared]):
            samples[name] = sample
    return intervals(samples)


def _within(run: Run) -> list[Within]:
    """Workloads of the same kind against that with the fewest connections, or without a thread."""
    found: dict[int, tuple[Within, Sample]] = {}
    for workload in run.workloads:
        base = _base(run.workloads, workload)
        if base is None:
            continue
        for side in run.sides:
            names = (workload["name"], side["name"]), (base["name"], side["name"])
            sample = pairs(run, *names, "rate")
            if sample:
                found[len(found)] = (
                    Within(
                        side["name"], workload["family"], workload["name"], base["name"],
                        workload.get("work_us"), workload.get("connections", 0),
                        base.get("connections", 0), Spread(0, 0, 0),
                    ),
                    sample,
                )  # fmt: skip
    made = intervals({key: sample for key, (_, sample) in found.items()})
    for key, (one, _) in found.items():
        one.ratio = made[key]
    return [one for one, _ in found.values()]


def _base(workloads: list[Record], workload: Record) -> Record | None:
    alike = [one for one in workloads if one.get("family") == workload.get("family")]
    if workload.get("family") == "work":
        alike = [one for one in alike if one.get("work_us") == workload.get("work_us")]
        base = min(alike, key=lambda one: one["connections"])
        return base if base["connections"] < workload["connections"] else None
    if workload.get("family") == "convoy" and workload.get("computing_thread"):
        same = [one for one in alike if one.get("connections") == workload.get("connections")]
        return next((one for one in same if not one.get("computing_thread")), None)
    return None


def _overall(run: Run, rows: list[Row]) -> dict[str, Spread]:
    """All workloads whose rate counts, as one: the geometric mean of each round's ratios."""
    from harness.compare.overall import overall

    return overall(run, [row.name for row in rows if metric_of(row.record) == "rate"])

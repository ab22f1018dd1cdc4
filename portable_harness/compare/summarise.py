"""From the records of a run to its summary: cells, ratios, verdicts, and the findings in words."""

from __future__ import annotations

from collections.abc import Iterable
from statistics import median

from portable_harness.compare import answer, findings, growth
from portable_harness.compare.metrics import COMPARED, LESS_IS_BETTER, METRICS, metric_of, value
from portable_harness.compare.ratios import Basis, overall, rounds_of, side_by_side, to_the_first
from portable_harness.compare.records import Record, Run
from portable_harness.compare.statistics import Sample, Spread, intervals, spread
from portable_harness.compare.summary import Cell, Row, Summary, Within
from portable_harness.compare.verdicts import Verdict, judge


def summarise(run: Run, basis: Basis | None = None) -> Summary:
    """Everything that tables, sentences and pictures are made from.

    :param basis: what is compared with what; in one run, all with the first side
    """
    basis = basis or to_the_first(run)
    rows = [_row(run, record) for record in run.workloads]
    _compare(run, rows, basis)
    starts = {
        str(side["name"]): spread([start["seconds"] for start in found])
        for side in run.sides
        if (found := run.started(side["name"]))
    }
    summary = Summary(
        run, basis, run.sides, rows, starts, _start_ratios(run, basis), _within(run),
        _overall(run, rows, basis),
    )  # fmt: skip
    summary.answer = answer.answer(summary)
    summary.notes = [*answer.warnings(summary), *findings.notes(summary)]
    summary.findings = findings.findings(summary)
    return summary


def _row(run: Run, workload: Record) -> Row:
    row = Row(workload, {}, run.ceiling(workload["name"]))
    for side in run.sides:
        row.cells[side["name"]] = _cell(run, row, side)
    return row


def _cell(run: Run, row: Row, side: Record) -> Cell:
    cell = Cell(side["name"], metric_of(row.record))
    measured = run.rounds(row.name, cell.side)
    good = [record for record in measured.values() if not record.get("error")]
    failed = [str(record["error"]) for record in measured.values() if record.get("error")]
    cell.rounds = len(good)
    for metric in METRICS:
        values = [found for record in good if (found := value(record, metric)) is not None]
        if values:
            cell.values[metric] = spread(values)
    if good:
        cell.busy = median([_busy(record) for record in good])
    elif failed:
        cell.verdict = Verdict.FAILED
    rate, ceiling = cell.values.get("rate"), run.ceiling(row.name, cell.side)
    if rate and ceiling and cell.metric == "rate":
        cell.near_ceiling = rate.middle >= 0.7 * ceiling
    cell.remarks = _remarks(run, row, cell, failed) + growth.remarks(good)
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
    if "joins_per_second" in cell.values and (joins := cell.values["joins_per_second"].middle):
        remarks.append(f"{joins:,.0f} joins/s")
    warm = [w for w in run.warmups if (w["side"], w.get("workload")) == (cell.side, row.name)]
    if any(warmup.get("settled") is False for warmup in warm):
        remarks.append("rate had not settled")
    if cell.busy >= 0.1:
        remarks.append(f"others used {cell.busy:.0%} of the processors")
    return remarks


def _compare(run: Run, rows: Iterable[Row], basis: Basis) -> None:
    """Ratios to the references, then the verdicts. What counts is judged together, for all."""
    rows = list(rows)
    for metric in ("", *COMPARED):  # "": what counts in each workload
        _ratios(run, rows, basis, metric)
    for row in rows:
        for cell in row.cells.values():
            _judge(cell, row.cells[basis.references[cell.side]])


def _ratios(run: Run, rows: list[Row], basis: Basis, metric: str) -> None:
    """Those of one metric, made together so that all of them hold."""
    others = [
        (row, cell)
        for row in rows
        for cell in row.cells.values()
        if basis.references[cell.side] != cell.side
    ]
    samples = {}
    for row, cell in others:
        ours, theirs = (
            rounds_of(run, row.name, side, metric or cell.metric)
            for side in (cell.side, basis.references[cell.side])
        )
        if sample := basis.sample(ours, theirs):
            samples[row.name, cell.side] = sample
    made = basis.intervals(samples)
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
    in_time = cell.metric != "memory_per_connection"  # memory does not grow while others compute
    busy = max(cell.busy, reference.busy) if in_time else 0.0
    less = cell.metric in LESS_IS_BETTER
    cell.verdict = judge(cell.ratio, less_is_better=less, busy=busy, bound=bound)


def _start_ratios(run: Run, basis: Basis) -> dict[str, Spread]:
    """The first start of each, the second, and so on: sides are started in turn."""
    names = [str(side["name"]) for side in run.sides]
    found = {name: [float(start["seconds"]) for start in run.started(name)] for name in names}
    return basis.ratios({name: dict(enumerate(seconds)) for name, seconds in found.items()})


def _within(run: Run) -> list[Within]:
    """Workloads of the same kind against that with the fewest connections, or without a thread."""
    found: dict[int, tuple[Within, Sample]] = {}
    for workload in run.workloads:
        base = _base(run.workloads, workload)
        if base is None:
            continue
        for side in run.sides:
            ours, theirs = (
                rounds_of(run, record["name"], side["name"], "rate") for record in (workload, base)
            )
            if sample := side_by_side(ours, theirs):
                found[len(found)] = (
                    Within(
                        side["name"], workload["family"], workload["name"], base["name"],
                        workload.get("work_us"), workload.get("connections", 0),
                        base.get("connections", 0), Spread(0, 0, 0),
                    ),
                    sample,
                )  # fmt: skip
    made = intervals({key: sample for key, (_, sample) in found.items()})
    for key, (scaling, _) in found.items():
        scaling.ratio = made[key]
    return [scaling for scaling, _ in found.values()]


def _base(workloads: list[Record], workload: Record) -> Record | None:
    alike = [other for other in workloads if other.get("family") == workload.get("family")]
    if workload.get("family") == "work":
        alike = [other for other in alike if other.get("work_us") == workload.get("work_us")]
        base = min(alike, key=lambda workload: workload["connections"])
        return base if base["connections"] < workload["connections"] else None
    if workload.get("family") == "convoy" and workload.get("computing_thread"):
        same = [other for other in alike if other.get("connections") == workload.get("connections")]
        return next((other for other in same if not other.get("computing_thread")), None)
    return None


def _overall(run: Run, rows: list[Row], basis: Basis) -> dict[str, Spread]:
    """All workloads whose rate counts, as one: the geometric mean of each round's rates."""
    return overall(run, [row.name for row in rows if metric_of(row.record) == "rate"], basis)

"""The results as tables: for a terminal (rich) and for a document (Markdown)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from portable_harness.benchmarks.chat.candidates import CEILING
from portable_harness.benchmarks.chat.measure import Report
from portable_harness.benchmarks.chat.shapes import BY_NAME
from portable_harness.compare.statistics import Spread, ratio, spread

AGAINST = (CEILING, "asyncio-protocol", "uvloop-protocol")
BOUND = 0.7  # of the ceiling: above it the generator, not the server, may be the limit
HEADINGS = ("server", "deliveries/s", *(f"x {name}" for name in AGAINST),
            "p50 ms", "p99 ms", "longest gap ms", "CPU us/line", "remarks")  # fmt: skip


class Row(NamedTuple):
    """One server in one shape; the ratios are of deliveries/s (None: not measured)."""

    server: str
    rate: Spread | None
    ratios: tuple[Spread | None, ...]
    cells: tuple[str, ...]


def rows(shape: str, reports: Sequence[Report]) -> list[Row]:
    """A row for each server that was measured in `shape`."""
    by_server: dict[str, dict[int, Report]] = defaultdict(dict)
    for report in reports:
        if report["shape"] == shape:
            by_server[report["server"]][report["round"]] = report
    return [_row(shape, server, by_server) for server in by_server]


def _row(shape: str, server: str, by_server: dict[str, dict[int, Report]]) -> Row:
    good = {n: r for n, r in by_server[server].items() if "error" not in r}
    failed = [r["error"] for r in by_server[server].values() if "error" in r]
    if not good:
        cells = (server, "-", *("-" for _ in AGAINST), "-", "-", "-", "-", failed[0])
        return Row(server, None, (None,) * len(AGAINST), cells)
    rate = spread([r["deliveries_per_second"] for r in good.values()])
    ratios = tuple(_against(good, by_server.get(other, {})) for other in AGAINST)
    remarks = [f"failed {len(failed)}x: {failed[0]}"] if failed else []
    remarks += _remarks(shape, server, good, ratios[0])
    keys = ("p50", "p99", "longest_gap")
    timing = [_number([1e3 * r[key] for r in good.values()]) for key in keys]
    cpu = _number([r["cpu_us_per_line_told"] or 0.0 for r in good.values()])
    shown = (f"{rate.middle:,.0f} ({rate.low:,.0f}-{rate.high:,.0f})", *map(_ratio, ratios))
    return Row(server, rate, ratios, (server, *shown, *timing, cpu, "; ".join(remarks)))


def _against(good: dict[int, Report], others: dict[int, Report]) -> Spread | None:
    shared = [n for n in good if "error" not in others.get(n, {"error": ""})]
    if not shared:
        return None
    key = "deliveries_per_second"
    return ratio([good[n][key] for n in shared], [others[n][key] for n in shared])


def _remarks(shape: str, server: str, good: dict[int, Report], ceiling: Spread | None) -> list[str]:
    remarks = []
    played = BY_NAME[shape]
    saturated = played.mode == "saturate"
    if saturated and server != CEILING and ceiling and ceiling.middle >= BOUND:
        remarks.append("generator-bound")
    if not saturated and any(_behind(r, played.amount) for r in good.values()):
        remarks.append("overloaded")
    if played.churn:
        remarks.append(f"{_number([r['joins_per_second'] for r in good.values()])} joins/s")
    return remarks


def _behind(report: Report, offered: float) -> bool:
    """It delivered less than 98% of what the fixed load would have."""
    expected = offered * (BY_NAME[report["shape"]].members - 1)
    return bool(report["deliveries_per_second"] < 0.98 * expected)


def _number(values: Sequence[float]) -> str:
    middle = spread(values).middle
    return f"{middle:,.0f}" if middle >= 100 else f"{middle:.3g}"


def _ratio(value: Spread | None) -> str:
    return "-" if value is None else f"{value.middle:.2f} ({value.low:.2f}-{value.high:.2f})"


def show(reports: Sequence[Report], console: Console) -> None:
    """One table a shape on a terminal."""
    for shape in dict.fromkeys(report["shape"] for report in reports):
        table = Table(*HEADINGS, title=BY_NAME[shape].title, title_justify="left")
        for row in rows(shape, reports):
            table.add_row(*row.cells)
        console.print(table)


def markdown(reports: Sequence[Report]) -> str:
    """The same tables as Markdown."""
    parts = []
    for shape in dict.fromkeys(report["shape"] for report in reports):
        lines = [f"### {BY_NAME[shape].title}", "", _line(HEADINGS), _line(["---"] * len(HEADINGS))]
        parts.append("\n".join([*lines, *(_line(row.cells) for row in rows(shape, reports)), ""]))
    return "\n".join(parts)


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"

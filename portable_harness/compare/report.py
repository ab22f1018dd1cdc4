"""A comparison on a terminal: what was found in words, then a table with a row for each side."""

from __future__ import annotations

import math

from rich.console import Console
from rich.table import Table
from rich.text import Text

from portable_harness.compare.answer import is_unclear
from portable_harness.compare.statistics import Spread
from portable_harness.compare.summary import Cell, Row, Summary
from portable_harness.compare.verdicts import Verdict

STYLES = {
    Verdict.FASTER: "green",
    Verdict.SLOWER: "red",
    Verdict.FAILED: "bold red",
    Verdict.GENERATOR_BOUND: "yellow",
    Verdict.INCONCLUSIVE: "dim",
}
HEADINGS = (
    "side", "rate /s", "ratio", "verdict", "p50 ms", "p99 ms", "CPU us", "memory", "remarks",
)  # fmt: skip
ABOUT_RATIO = (
    "ratio: to the first side, of requests/s, or of p99 at an offered rate, or of memory for an"
    " idle connection. The intervals of a run hold together, 19 times of 20"
)


def show(summary: Summary, console: Console) -> None:
    """Print all of it."""
    if summary.answer:
        console.print(Text(summary.answer, "bold"))
    for text in summary.notes:
        console.print(Text(text, "dim"))
    console.print(Text("Findings", "bold"))
    for text in summary.findings or ["Nothing that is sure."]:
        console.print(Text(f"  {text}"))
    for row in summary.rows:
        console.print(_table(row))
    console.print(Text(ABOUT_RATIO, "dim"))


def _table(row: Row) -> Table:
    table = Table(title=row.title, title_justify="left")
    for heading in HEADINGS:
        table.add_column(heading, justify="left" if heading in ("side", "remarks") else "right")
    for cell in row.cells.values():
        table.add_row(*_cells(cell))
    return table


def _cells(cell: Cell) -> list[Text]:
    style = {HEADINGS.index("verdict"): STYLES.get(cell.verdict, "")}
    return [Text(text, style.get(at, "")) for at, text in enumerate(texts(cell))]


def texts(cell: Cell) -> list[str]:
    """What stands under the HEADINGS."""
    memory = "memory_per_connection" if cell.metric == "memory_per_connection" else "rss"
    return [
        cell.side, _middle(cell, "rate"), ratio_text(cell.ratio), cell.verdict.value,
        _middle(cell, "p50", 1e3), _middle(cell, "p99", 1e3),
        _middle(cell, "cpu_per_request", 1e6), _memory(cell, memory), "; ".join(cell.remarks),
    ]  # fmt: skip


def _middle(cell: Cell, metric: str, factor: float = 1.0) -> str:
    found = cell.values.get(metric)
    return "-" if found is None else figure(found.middle * factor)


def _memory(cell: Cell, metric: str) -> str:
    found = cell.values.get(metric)
    return "-" if found is None else size(found.middle)


def figure(value: float) -> str:
    """Three digits, or whole numbers with commas."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def size(value: float) -> str:
    """Bytes as KiB or MiB."""
    return f"{value / 2**20:.1f} MiB" if value >= 2**20 else f"{value / 1024:.1f} KiB"


def ratio_text(ratio: Spread | None) -> str:
    """1.93 (1.81-2.06); one round has no interval, and one that is too wide is not shown."""
    if ratio is None:
        return "-"
    if math.isinf(ratio.high):
        return f"{ratio.middle:.2f} (one round)"
    if is_unclear(ratio):
        return "unclear"
    return f"{ratio.middle:.2f} ({ratio.low:.2f}-{ratio.high:.2f})"

"""The findings on a terminal: what is unexpected first, then the table, then the findings."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from portable_harness.findings.page import entries, short
from portable_harness.findings.results import KEPT, Cell, Findings

LINES = 25  # of an error


def show(console: Console, findings: Findings) -> None:
    """Print all of it."""
    for cell in findings.cells:
        _unexpected(console, cell)
    _known(console, findings)
    _table(console, findings)
    console.print(Text(_closing(findings)))


def _unexpected(console: Console, cell: Cell) -> None:
    head = f"{cell.library} on {cell.interpreter}: "
    if cell.is_bad:
        console.print(Text.assemble((head + cell.words, "bold red")))
        said = [*cell.details.get("broken", []), *cell.error.strip().splitlines()]
        for line in said[-LINES:]:
            console.print(Text(f"  {line}"), soft_wrap=True)
    for report in cell.new:
        console.print(Text.assemble((head + "a new finding", "bold yellow")))
        console.print(Text(f"{report['finding']}\n{short(report)}"), soft_wrap=True)
    for known in cell.gone:
        console.print(Text.assemble((head, "bold yellow"), f"not found this time: {known.title}"))


def _known(console: Console, findings: Findings) -> None:
    explained = [entry for entry in entries(findings) if entry.known]
    if explained:
        console.print(Text("Known findings (portable_harness/findings/known.ini says why)", "bold"))
    for entry in explained:
        assert entry.known is not None
        where = ", ".join(entry.interpreters)
        console.print(
            Text(f"  {entry.known.verdict}: {entry.library}: {entry.known.title} ({where})")
        )


def _table(console: Console, findings: Findings) -> None:
    table = Table(title="\nPromises and reports", title_justify="left", title_style="bold")
    table.add_column("library")
    for interpreter in findings.interpreters:
        table.add_column(interpreter.name)
    for library in findings.libraries:
        cells = [findings.cell(library, interpreter.name) for interpreter in findings.interpreters]
        table.add_row(library, *[_cell(cell) for cell in cells])
    console.print(table)


def _cell(cell: Cell | None) -> Text:
    if cell is None:
        return Text("absent", "dim red")
    if cell.is_bad:
        return Text(cell.words, "bold red")
    style = "green" if cell.outcome == KEPT else "dim"
    text = Text(cell.words, "yellow" if cell.new or cell.gone else style)
    return (
        text.append(f"\n{cell.details['rounds']} rounds", "dim") if cell.outcome == KEPT else text
    )


def _closing(findings: Findings) -> str:
    if findings.interrupted:
        return "Interrupted: what was measured until then is above."
    if findings.status:
        return "A promise broke or a program failed: see above."
    return "Every promise was kept in these rounds, which proves no more than that."

"""The matrix on a terminal: the answer, what differs, the table by file, then what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from portable_harness.interpreters.model import lock_and_compiler
from portable_harness.matrix.merge import Matrix, Row
from portable_harness.matrix.outcomes import Cell, Column, Outcome
from portable_harness.matrix.pace import SLOW

LISTED = 30  # messages shown; --json and --html have all
NAMED = 3  # tests of one story that are named
STYLES = {
    Outcome.PASS: "green",
    Outcome.FAIL: "bold red",
    Outcome.CRASH: "bold magenta",
    Outcome.HANG: "bold yellow",
    Outcome.UNREACHED: "red",
    Outcome.LOST: "bold red",
    Outcome.ABSENT: "dim red",
    Outcome.NOT_APPLICABLE: "dim",
    Outcome.SKIP: "cyan",
}
UNREACHED, NOT_APPLICABLE = Outcome.UNREACHED, Outcome.NOT_APPLICABLE
SHORT = {Outcome.NOT_APPLICABLE: "n/a"}


def show(console: Console, matrix: Matrix, verbose: bool = False) -> None:
    """Print all of it; the last line (what to do next) is the command's own.

    :param verbose: with the tests that do not apply, by the ledger of differences
    """
    console.print(Text(f"\n{answer(matrix)}", "bold"))
    _troubles(console, matrix)
    _listing(console, "Differences", matrix, matrix.differences(), "no test differs")
    alike = matrix.alike_and_bad()
    if alike:
        _listing(console, "Bad on every interpreter that ran them", matrix, alike, "")
    if verbose:
        _explained(console, matrix)
    _table(console, matrix)


def answer(matrix: Matrix) -> str:
    """The result in a sentence: on how many tests the interpreters agree, and what is left."""
    present = len(matrix.present())
    different, alike = len(matrix.differences()), len(matrix.alike_and_bad())
    passed = sum(_agreed(matrix, row) for row in matrix.rows)
    who = f"{present} interpreters agree on" if present > 1 else f"{present} interpreter passes"
    parts = [f"{who} {_tests(passed)}"]
    parts += [f"they differ in {different:,}"] if different else []
    parts += [f"{alike:,} bad on all that ran them"] if alike else []
    parts += [f"{number:,} not reached on {name}" for name, number in _of(matrix, UNREACHED)]
    parts += [f"{number:,} do not apply to {name}" for name, number in _of(matrix, NOT_APPLICABLE)]
    return "; ".join(parts) + "."


def _agreed(matrix: Matrix, row: Row) -> bool:
    """Whether it passed wherever it applies."""
    outcomes = {cell.outcome for cell in matrix.present_cells(row)}
    return Outcome.PASS in outcomes and outcomes <= {Outcome.PASS, NOT_APPLICABLE}


def _tests(number: int) -> str:
    return f"{number:,} test{'s' * (number != 1)}"


def _of(matrix: Matrix, outcome: Outcome) -> list[tuple[str, int]]:
    totals = [(column.name, matrix.totals(column)[outcome]) for column in matrix.present()]
    return [(name, number) for name, number in totals if number]


def _troubles(console: Console, matrix: Matrix) -> None:
    for column in matrix.columns:
        lines = [f"absent: {column.absent}"] if column.absent else list(column.trouble)
        lines += [f"lost: {column.lost}"] if column.lost else []
        for text in lines:
            console.print(Text.assemble((f"{column.name}: ", "bold red"), text))


def _listing(console: Console, title: str, matrix: Matrix, rows: list[Row], if_none: str) -> None:
    console.print()
    console.print(Text(f"{title}: {len(rows) or if_none}", "bold"))
    groups = list(_same_story(rows).values())
    for group in groups[:LISTED]:
        for row in group[:NAMED]:
            console.print(Text(f"  {row.test}"))
        if len(group) > NAMED:
            console.print(f"  and {len(group) - NAMED} more of that file:")
        for cell, names in _alike(matrix, group[0]):
            said = f": {cell.message}" if cell.message else ""
            outcome = Text(cell.outcome.value, STYLES[cell.outcome])
            console.print(Text.assemble("    ", ", ".join(names), " ", outcome, said))
    left = sum(len(group) for group in groups[LISTED:])
    if left:
        console.print(f"  ... and {left} more: --html FILE or --json has them all")


def _same_story(rows: list[Row]) -> dict[object, list[Row]]:
    """Rows of one file that came to the same, message and all: shown once."""
    groups: dict[object, list[Row]] = {}
    for row in rows:
        story = (row.file, tuple((cell.outcome, cell.message) for cell in row.cells))
        groups.setdefault(story, []).append(row)
    return groups


def _alike(matrix: Matrix, row: Row) -> list[tuple[Cell, list[str]]]:
    """The row's cells with the interpreters that share each, the bad ones first."""
    groups: dict[tuple[Outcome, str], tuple[Cell, list[str]]] = {}
    for column, cell in zip(matrix.columns, row.cells, strict=True):
        if not column.absent:
            key = (cell.outcome, cell.message)
            groups.setdefault(key, (cell, []))[1].append(column.name)
    return sorted(groups.values(), key=lambda group: not group[0].outcome.is_bad)


def _explained(console: Console, matrix: Matrix) -> None:
    explained = matrix.explained()
    if not explained:
        return
    console.print()
    console.print(Text("Not applicable, by the ledger of differences:", "bold"))
    for identity, cells in sorted(explained.items()):
        names = sorted({column.name for _, column, _ in cells})
        tests = len({row.test for row, _, _ in cells})
        why = cells[0][2].message.split(":", 2)[-1].strip()
        counted = f"{tests} test{'s' * (tests > 1)}"
        console.print(Text(f"  {identity} on {', '.join(names)} ({counted}): {why}"))


def _table(console: Console, matrix: Matrix) -> None:
    console.print()
    table = Table(title=f"Tests passed, of {len(matrix.rows)}", title_justify="left")
    table.add_column("file", overflow="fold")
    for column in matrix.columns:
        table.add_column(_heading(column), justify="right")
    for file, rows in matrix.files().items():
        columns = zip(*(row.cells for row in rows), strict=True)
        table.add_row(file.removeprefix("tests/"), *(_counts(cells) for cells in columns))
    table.add_section()
    totals = [_counts_of(matrix.totals(column)) for column in matrix.columns]
    table.add_row("all", *totals, style="bold")
    console.print(table)


def _heading(column: Column) -> Text:
    facts = column.facts
    if not facts:
        return Text(
            f"{column.name}\n" + ("absent" if column.absent else "lost" if column.lost else "")
        )
    version = ".".join(str(number) for number in facts.get("version", ())[:3])
    gil = lock_and_compiler(facts)
    slow = f"\n{column.pace:.1f} x slower" if column.pace >= SLOW else ""
    return Text(f"{column.name}\n{version}\n{facts.get('class', '')}, {gil}{slow}")


def _counts(cells: Iterable[Cell]) -> Text:
    return _counts_of(Counter(cell.outcome for cell in cells))


def _counts_of(totals: Counter[Outcome]) -> Text:
    """The number of passes, then what else there is, each with its name."""
    others = [outcome for outcome in Outcome if outcome is not Outcome.PASS and totals[outcome]]
    text = Text()
    if totals[Outcome.PASS] or not others:
        text.append(str(totals[Outcome.PASS]), STYLES[Outcome.PASS])
    for outcome in others:
        text.append("\n" if text else "")
        text.append(f"{totals[outcome]} {SHORT.get(outcome, outcome.value)}", STYLES[outcome])
    return text

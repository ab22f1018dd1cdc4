"""A run on a terminal: the table, then what went wrong with its texts, then what it comes to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from portable_harness.litmus import view
from portable_harness.litmus.results import ACCEPTABLE, FORBIDDEN, INTERESTING

STYLES = {
    ACCEPTABLE: "green",
    INTERESTING: "yellow",
    FORBIDDEN: "bold red",
    view.ABSENT: "dim red",
    view.LOST: "bold red",
    view.UNMEASURED: "bold magenta",
    view.NOTHING: "",
}
DETAIL_LINES = 14  # of a traceback or of stacks; --html and --json have all
DETAILS = 12  # outcomes shown with their detail
# Columns of the terminal: for all that is left of the interpreters; for the names in that, at least
# and at most; for each interpreter, folded and in one line.
LEFT, SHORTEST, LONGEST = 37, 24, 44
NARROWEST, COMFORTABLE = 12, 18
LEGEND = (
    "A acceptable, I interesting (a race: never a failure), F forbidden; then how often it was "
    "seen, and the case's rounds per second."
)


def show(console: Console, run: Mapping[str, Any]) -> None:
    """Print all of it; the last line (what to do next) is the command's own."""
    for table in _tables(run, console.width):
        console.print(table)
    console.print(LEGEND, style="dim")
    _troubles(console, run)
    _forbidden(console, run)
    _unmeasured(console, run)
    for sentence in view.verdicts(run):
        console.print(Text(sentence, "bold"))


def _tables(run: Mapping[str, Any], width: int) -> Iterator[Table]:
    """One table, or where that is too wide several, each with some of the interpreters."""
    columns = run["interpreters"]
    fitting = max(1, (width - LEFT) // NARROWEST)
    for start in range(0, len(columns), fitting):
        some = columns[start : start + fitting]
        left = width - len(some) * COMFORTABLE - (LEFT - SHORTEST)
        yield _table({**run, "interpreters": some}, max(SHORTEST, min(left, LONGEST)))


def _table(run: Mapping[str, Any], names: int) -> Table:
    """``names``: how wide the column of cases and outcomes is; longer ones are folded."""
    table = Table(title=f"Outcomes of {len(run['cases'])} cases", title_justify="left")
    table.add_column("row", justify="right")
    table.add_column("case, outcome", overflow="fold", width=names)
    for column in run["interpreters"]:
        table.add_column(Text("\n".join(view.heading(column))), justify="right")
    module = None
    for case in run["cases"]:
        this = case["name"].rpartition(".")[0]
        if module not in (None, this):
            table.add_section()
        module = this
        _add_case(table, run, case)
    return table


def _add_case(table: Table, run: Mapping[str, Any], case: Mapping[str, Any]) -> None:
    rows = ",".join(map(str, case["rows"]))
    kind = "" if case["kind"] == "stressed" else f" ({case['kind']})"
    table.add_row(rows, Text.assemble((view.label(case), "bold"), (kind, "dim")))
    for line in view.lines(run, case):
        if line.is_telling:
            cells = [_text(cell) for cell in line.cells]
            table.add_row("", Text(f"  {line.outcome}"), *cells)


def _text(cell: view.Cell) -> Text:
    style = STYLES[cell.kind] if cell.times or not cell.letter else "dim"
    text = Text(cell.text, style)
    if cell.rate_text:
        text.append(f" {cell.rate_text}", "dim")
    return text


def _troubles(console: Console, run: Mapping[str, Any]) -> None:
    for column in run["interpreters"]:
        for text in [*filter(None, [view.missing(column)]), *column["trouble"]]:
            console.print(Text.assemble((f"{column['name']}: ", "bold red"), text))


def _forbidden(console: Console, run: Mapping[str, Any]) -> None:
    cases = {case["name"]: case for case in run["cases"]}
    for number, entry in enumerate(run["forbidden"]):
        result = cases[entry["case"]]["results"][entry["interpreter"]]
        said = ", ".join(_occurrences(outcome, result) for outcome in entry["outcomes"])
        where = f"{entry['case']} on {entry['interpreter']}: "
        console.print(Text.assemble(("forbidden ", "bold red"), where, said))
        if number < DETAILS:
            for outcome in entry["outcomes"]:
                _detail(console, result["details"].get(outcome, ""))


def _occurrences(outcome: str, result: Mapping[str, Any]) -> str:
    due = "" if result["due"] is None else f", due was {result['due']!r}"
    return f"{outcome!r} {result['outcomes'][outcome]['count']} times{due}"


def _unmeasured(console: Console, run: Mapping[str, Any]) -> None:
    """One line for each reason: a child that does not start takes all of its cases with it."""
    reasons: dict[tuple[str, str], list[str]] = {}
    lost = {column["name"] for column in run["interpreters"] if column["lost"]}
    for case in run["not_measured"]:
        if case["interpreter"] not in lost:  # that was shown
            reasons.setdefault((case["interpreter"], case["why"]), []).append(case["case"])
    for (interpreter, why), names in reasons.items():
        what = names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
        where = f" {what} on {interpreter}: {why}"
        console.print(Text.assemble(("not measured", "bold magenta"), where))


def _detail(console: Console, text: str) -> None:
    shown = text.strip().splitlines()
    for line in shown[:DETAIL_LINES]:
        console.print(Text(f"    {line}", "dim"), soft_wrap=True)
    if len(shown) > DETAIL_LINES:
        left = len(shown) - DETAIL_LINES
        console.print(Text(f"    ... {left} more lines: --html FILE or --json has all", "dim"))

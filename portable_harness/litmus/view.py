"""The table as every form shows it: for each case its outcomes, for each outcome its cells.

Made from the JSON document, so that a page can be made from a file as well. A cell reads without
colour: a letter for the grade (A, I, F), the count, and the rounds per second of the whole case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from portable_harness.interpreters.model import lock_and_compiler
from portable_harness.litmus.results import ACCEPTABLE, FORBIDDEN, FORCED, LETTERS

ABSENT, LOST, NOTHING, UNMEASURED = "absent", "lost", "nothing", "unmeasured"
STEPS = ((1e9, "G"), (1e6, "M"), (1e3, "k"))
EXACT = 10_000  # smaller numbers are written out


class Cell(NamedTuple):
    """One outcome on one interpreter; ``kind`` is the grade, or one of the words above."""

    kind: str
    times: int = 0
    rate: float | None = None

    @property
    def letter(self) -> str:
        return LETTERS.get(self.kind, "")

    @property
    def text(self) -> str:
        """The cell without its rate."""
        if self.kind in (ABSENT, LOST):
            return self.kind
        if self.kind == UNMEASURED:
            return "not run"
        return f"{self.letter} {short(self.times)}" if self.letter else ""

    @property
    def rate_text(self) -> str:
        """Rounds per second, where the outcome was seen."""
        return f"{short(self.rate)}/s" if self.rate is not None and self.times else ""


class Line(NamedTuple):
    """An outcome with its cells, in the order of the interpreters."""

    outcome: str
    source: str
    cells: list[Cell]

    @property
    def is_telling(self) -> bool:
        """False for what is forbidden everywhere and was seen nowhere: few want to read it."""
        return any(cell.times or cell.kind not in (FORBIDDEN, ABSENT, LOST) for cell in self.cells)


def short(number: float) -> str:
    """At most five characters: 9999, 12.3k, 4.5M."""
    if number < EXACT:
        return f"{number:.0f}" if number >= 10 or number == int(number) else f"{number:.1f}"
    size, unit = next((size, unit) for size, unit in STEPS if number >= size)
    scaled = number / size
    return f"{scaled:.0f}{unit}" if scaled >= 100 else f"{scaled:.1f}{unit}"


def lines(run: Mapping[str, Any], case: Mapping[str, Any]) -> Iterator[Line]:
    """The outcomes of a case: those of its table in their order, then what else was seen."""
    sources = {
        expectation["outcome"]: expectation["source"] for expectation in case["expectations"]
    }
    for result in case["results"].values():
        if result["due"] is not None:
            sources.setdefault(result["due"], "the schedule")
    for result in case["results"].values():
        for outcome in result["outcomes"]:
            sources.setdefault(outcome, "in no table")
    for outcome, source in sources.items():
        yield Line(
            outcome, source, [_cell(column, case, outcome) for column in run["interpreters"]]
        )


def _cell(column: Mapping[str, Any], case: Mapping[str, Any], outcome: str) -> Cell:
    if column["absent"]:
        return Cell(ABSENT)
    result = case["results"].get(column["name"])
    if result is None or (result["error"] and not result["outcomes"]):
        return Cell(LOST if column["lost"] else UNMEASURED)
    seen = result["outcomes"].get(outcome)
    if seen:
        rate = None if case["kind"] == FORCED else result["rounds_per_second"]
        return Cell(seen["grade"], seen["count"], rate)
    return Cell(_grade(column, case, result, outcome))


def _grade(
    column: Mapping[str, Any], case: Mapping[str, Any], result: Mapping[str, Any], outcome: str
) -> str:
    """The grade of an outcome that was not seen; nothing where it cannot be."""
    if result["due"] is not None:
        return ACCEPTABLE if outcome == result["due"] else NOTHING
    expected = next(
        (expectation for expectation in case["expectations"] if expectation["outcome"] == outcome),
        None,
    )
    if expected is None:
        return NOTHING
    return str(expected["grades"].get(column["class"], FORBIDDEN))


def label(case: Mapping[str, Any]) -> str:
    """What a case is to its neighbours: the racy one, what mends it, what forces it."""
    name = str(case["name"].rpartition(".")[2])
    return f"mended: {name}" if case["mends"] else name


def heading(column: Mapping[str, Any]) -> list[str]:
    """Two or three short lines over a column."""
    facts = column["facts"]
    if not facts:
        return [column["name"], missing(column).partition(":")[0]]
    return [column["name"], version(facts), f"{facts.get('class')}, {lock_and_compiler(facts)}"]


def missing(column: Mapping[str, Any]) -> str:
    """Why an interpreter, or its host, is not there; "" where it is."""
    return next((f"{key}: {column[key]}" for key in (ABSENT, LOST) if column[key]), "")


def version(facts: Mapping[str, Any]) -> str:
    """The version as people write it."""
    found = facts.get("version", "")
    return found if isinstance(found, str) else ".".join(str(part) for part in found[:3])


def verdicts(run: Mapping[str, Any]) -> list[str]:
    """What the run says and what it does not, in sentences; the most urgent first."""
    said = []
    if run["interrupted"]:
        said.append("Interrupted: what was measured until then is shown, the rest was not run.")
    if run["forbidden"]:
        said.append(f"{len(run['forbidden'])} results have a forbidden outcome.")
    absent = ", ".join(column["name"] for column in run["interpreters"] if column["absent"])
    if absent:
        said.append(f"Absent, nothing was measured there: {absent}.")
    lost = ", ".join(column["name"] for column in run["interpreters"] if column["lost"])
    if lost:
        said.append(f"Lost; results received until then are shown: {lost}.")
    if run["not_measured"]:
        said.append(f"{len(run['not_measured'])} results could not be had.")
    if run["unsteady"]:
        said.append(f"{len(run['unsteady'])} verdicts differ between the repetitions.")
    if run["proves_nothing"]:
        said.append(
            "No interesting outcome was seen: no thread ever got between another one's steps, so "
            "this run proves nothing about races. Give it more --time."
        )
    return said

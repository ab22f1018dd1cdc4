"""What came of the checks, for people (rich), for programs (JSON) and for CI (JUnit XML)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from portable_harness.base import junit
from portable_harness.base.errors import BAD_USAGE
from portable_harness.base.junit import Case, Kind, Remark, Suite
from portable_harness.check.first import after_what, first_of
from portable_harness.check.model import Level, Outcome, Status

FORMAT = "portable-server check 1"
MARKS = {
    Status.PASSED: ("ok", "green"),
    Status.FAILED: ("FAILED", "red"),
    Status.NOT_APPLICABLE: ("n/a", "dim"),
    Status.NOT_REACHED: ("?", "yellow"),
}
BY_WEIGHT = (Status.NOT_APPLICABLE, Status.PASSED, Status.NOT_REACHED, Status.FAILED)
REASONED = (Status.NOT_APPLICABLE, Status.NOT_REACHED)
NOTE = ("note", "yellow")  # a failure that is only information


def mark(outcome: Outcome) -> tuple[str, str]:
    """Word and colour."""
    is_note = outcome.status is Status.FAILED and outcome.check.level is Level.INFORMATIONAL
    return NOTE if is_note else MARKS[outcome.status]


def show(outcome: Outcome, console: Console) -> None:
    """One line for an outcome; for a failure what was sent, came and was due, and the advice."""
    word, colour = mark(outcome)
    check = outcome.check
    console.print(
        f"[{colour}]{word:6}[/] {check.level.value:13} {check.name:16} {escape(check.promise)}",
        soft_wrap=True,
    )
    if outcome.status in REASONED:
        console.print(f"       {escape(outcome.reason)}", style="dim", soft_wrap=True)
    if outcome.status is not Status.FAILED:
        return
    for name in ("sent", "came", "due"):
        console.print(f"       {name + ':':7}{escape(getattr(outcome, name))}", soft_wrap=True)
    if after := after_what(outcome):
        console.print(f"       alone: it passes on a fresh server; it failed {after}")
    console.print(f"       advice: {escape(check.advice)} (seed {outcome.seed})", soft_wrap=True)


def summary(outcomes: Sequence[Outcome]) -> str:
    """One line: how many of each, by level; a check counts once, however often it was run."""
    parts = []
    for level in Level:
        of_level = [outcome for outcome in outcomes if outcome.check.level is level]
        names = {base_name(outcome) for outcome in of_level}
        lacking = {base_name(found) for found in of_level if found.status is not Status.PASSED}
        if of_level:
            parts.append(f"{level.value} {len(names - lacking)} of {len(names)}")
    unknown = len({base_name(found) for found in outcomes if found.status is Status.NOT_REACHED})
    return "kept: " + ", ".join(parts) + (f"; not reached: {unknown}" if unknown else "")


def base_name(outcome: Outcome) -> str:
    """The name of the check, without the adverse scheduling under which it ran."""
    return outcome.check.name.partition("@")[0]


def status_of(outcomes: Sequence[Outcome]) -> int:
    """The exit status: what was not reached, or not run at all, is not kept."""
    if any(outcome.fails for outcome in outcomes):
        return 1
    asked = [found for found in outcomes if found.check.level is not Level.INFORMATIONAL]
    reached = all(found.status is not Status.NOT_REACHED for found in asked)
    answered = any(found.status not in REASONED for found in outcomes)
    return 0 if reached and answered else BAD_USAGE


def _kept(outcomes: Sequence[Outcome], level: Level) -> bool | None:
    """Whether the promises of a level are kept; None where that is not known."""
    found = {outcome.status for outcome in outcomes if outcome.check.level is level}
    if Status.FAILED in found:
        return False
    return True if Status.PASSED in found and Status.NOT_REACHED not in found else None


def as_json(
    outcomes: Sequence[Outcome], about: dict[str, Any], transcripts: bool = False
) -> dict[str, Any]:
    """The object that schema.json describes as a run.

    :param transcripts: with what each client did and saw, which may be megabytes
    """
    failed = [outcome for outcome in outcomes if outcome.fails]
    first = {"first": first_of(failed).check.name if failed else None}
    return {
        "format": FORMAT,
        **about,
        **first,
        "passed": status_of(outcomes) == 0,
        "kept": {level.value: _kept(outcomes, level) for level in Level},
        "checks": [_row(outcome, transcripts) for outcome in outcomes],
    }


def matrix_as_json(
    protocol: str, profile: str, runs: dict[str, dict[str, Any]], absent: dict[str, str]
) -> dict[str, Any]:
    """The object that schema.json describes as a matrix."""
    passed = bool(runs) and all(found["passed"] for found in runs.values())
    about = {"format": FORMAT, "protocol": protocol, "profile": profile, "passed": passed}
    return {**about, "interpreters": runs, "absent": absent}


def _row(outcome: Outcome, transcripts: bool) -> dict[str, Any]:
    check = outcome.check
    row: dict[str, Any] = {
        "name": check.name, "level": check.level.value, "promise": check.promise,
        "status": outcome.status.value, "seconds": round(outcome.seconds, 3), "seed": outcome.seed,
    }  # fmt: skip
    if outcome.status is Status.FAILED:
        row |= {"sent": outcome.sent, "came": outcome.came, "due": outcome.due}
        row |= {"advice": check.advice}
        if outcome.only_after:
            row["only_after"] = list(outcome.only_after)
        if outcome.said:
            row["server_said"] = outcome.said
        if transcripts:
            row["transcript"] = outcome.transcript
    if outcome.status in REASONED:
        row["reason"] = outcome.reason
    return row


def write_junit(results: dict[str, list[Outcome]], protocol: str, path: Path) -> None:
    """JUnit XML: what fails the run is a failure, what is not applicable is skipped.

    :param results: by interpreter, for a server in Python; else of an empty name
    """
    cases = [
        _case(outcome, f"{name}.{protocol}".lstrip("."))
        for name, outcomes in results.items()
        for outcome in outcomes
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    junit.write(path, Suite(f"check {protocol}", cases))


def _case(outcome: Outcome, protocol: str) -> Case:
    check = outcome.check
    name = f"{check.name} (seed {outcome.seed})"
    return Case(f"{protocol}.{check.level.value}", name, outcome.seconds, _remark(outcome))


def _remark(outcome: Outcome) -> Remark | None:
    if outcome.fails:
        detail = f"sent: {outcome.sent}\ncame: {outcome.came}\ndue: {outcome.due}"
        return Remark(Kind.FAILURE, outcome.came, f"{detail}\n{outcome.check.advice}")
    if outcome.status in REASONED:
        return Remark(Kind.SKIPPED, outcome.reason)
    return None


def matrix(
    results: dict[str, list[Outcome]], absent: dict[str, str], lost: Collection[str] = ()
) -> Table:
    """A row for each check, a column for each interpreter; an absent one has a state of its own.

    :param lost: the interpreters whose host was lost
    """
    table = Table(title="Promises kept")
    table.add_column("check")
    table.add_column("level")
    for name in [*results, *absent]:
        table.add_column(name)
    names = list(
        dict.fromkeys(outcome.check.name for outcomes in results.values() for outcome in outcomes)
    )
    for name in names:
        rows = {
            interpreter: [outcome for outcome in outcomes if outcome.check.name == name]
            for interpreter, outcomes in results.items()
        }
        level = next(outcome.check.level.value for row in rows.values() for outcome in row)
        cells = [
            _cell(row) if row else "[red]lost[/]" if interpreter in lost else "[dim]not reached[/]"
            for interpreter, row in rows.items()
        ] + ["[dim]absent[/]"] * len(absent)
        table.add_row(name, level, *cells)
    return table


def _cell(outcomes: Sequence[Outcome]) -> str:
    """Of one check over all rounds: the worst that came of it."""
    worst = max(
        outcomes,
        key=lambda outcome: BY_WEIGHT.index(outcome.status),
    )
    word, colour = mark(worst)
    failed = sum(outcome.status is Status.FAILED for outcome in outcomes)
    count = f" {failed}/{len(outcomes)}" if failed and len(outcomes) > 1 else ""
    return f"[{colour}]{word}{count}[/]"

"""The runner: what becomes of programs that find something, break a promise, crash or hang."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import threading

import pytest

from portable_harness.base.errors import Problem
from portable_harness.base.guest_program import run_child
from portable_harness.base.tree import TREE
from portable_harness.findings import run
from portable_harness.findings.results import Cell
from portable_harness.findings.run import LIBRARIES, REQUIREMENTS, STANDARD, Plan, measure
from portable_harness.guest.requirements import parse
from portable_harness.interpreters import Absent, Interpreter, select


@pytest.fixture(autouse=True)
def nothing_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"quiet", "noisy", "broken", "crashing", "hanging"}
    monkeypatch.setattr(run, "STANDARD", STANDARD | names)


def cells(plan: Plan, interpreter: Interpreter, *libraries: str) -> list[Cell]:
    said: list[str] = []
    chosen = dataclasses.replace(plan, libraries=libraries)
    found = measure([interpreter], chosen, lambda name, text: said.append(f"{name}: {text}"))
    assert len(said) == len(libraries)
    return found


def test_what_is_reported_is_found_after_what_the_library_prints(
    plan: Plan, this_python: Interpreter
) -> None:
    quiet, noisy = cells(plan, this_python, "quiet", "noisy")
    assert (quiet.outcome, quiet.summary) == ("kept", "kept in 5 rounds, 0 reports")
    assert (noisy.outcome, noisy.details["findings"][0]["kind"]) == ("kept", "lock-order")


def test_a_broken_promise_and_a_crash_are_distinguished(
    plan: Plan, this_python: Interpreter
) -> None:
    broken, crashing = cells(plan, this_python, "broken", "crashing")
    assert (broken.outcome, broken.is_bad) == ("broken", True)
    assert broken.details["broken"] == ["one of two was lost"]
    assert (crashing.outcome, crashing.is_bad) == ("crash", True)
    assert "SIGABRT" in crashing.error
    assert "the last words" in crashing.error


def test_a_program_that_hangs_is_ended(
    plan: Plan, this_python: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "START_LIMIT", 0.5)
    (cell,) = cells(plan, this_python, "hanging")
    assert (cell.outcome, cell.error) == ("hang", "not ended after 1.5 s")


def test_an_interruption_ends_the_programs_and_is_reported(
    plan: Plan, this_python: Interpreter
) -> None:
    stop = threading.Event()
    stop.set()
    chosen = dataclasses.replace(plan, libraries=("hanging", "quiet"))
    found = run._column(this_python, chosen, stop, lambda name, text: None)
    assert [cell.outcome for cell in found] == ["interrupted", "interrupted"]
    status, output, errors = run_child(
        [sys.executable, *chosen.arguments("hanging")], chosen.folders, 60.0, stop
    )
    assert (status, output, errors) == (None, "", "")


def test_without_an_index_only_what_must_be_installed_is_absent(
    plan: Plan, this_python: Interpreter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise Problem("there is no index")

    monkeypatch.setattr(run, "_environment", refuse)
    chosen = dataclasses.replace(plan, libraries=("quiet", "foreign"))
    quiet, foreign = measure([this_python], chosen, lambda name, text: None)
    assert quiet.outcome == "kept"
    assert (foreign.outcome, foreign.error) == ("absent", "there is no index")


def test_an_absent_interpreter_has_no_cells(plan: Plan) -> None:
    assert measure([Absent("py99", "not found", "install it")], plan, lambda name, text: None) == []


def test_the_names_are_those_of_the_programs() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "portable_server.litmus.others", "--list"],
        cwd=TREE, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert tuple(done.stdout.split()) == LIBRARIES


def test_every_requirement_is_pinned_with_its_hash() -> None:
    wanted = parse(["-r", str(REQUIREMENTS)]).wanted
    assert len(wanted) > 20
    for pinned in wanted:
        assert pinned.requirement is not None
        assert [each.operator for each in pinned.requirement.specifier] == ["=="], pinned
        assert len(pinned.hashes) == 1, pinned


@pytest.mark.network
@pytest.mark.slow
@pytest.mark.parametrize("name", ["2.7", "cpython"])
def test_a_real_library_is_installed_and_raced(name: str, index: None) -> None:
    (interpreter,) = select(name)
    if not isinstance(interpreter, Interpreter):
        pytest.skip(f"absent: {name}: {interpreter.reason} ({interpreter.remedy})")
    plan = Plan(("cachetools", "queue"), rounds=2)
    found = measure([interpreter], plan, lambda name, text: None)
    assert [(cell.library, cell.outcome) for cell in found] == [
        ("cachetools", "kept"), ("queue", "kept"),
    ], [cell.error for cell in found]  # fmt: skip

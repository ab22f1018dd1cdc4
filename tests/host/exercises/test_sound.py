"""Each exercise is sound: its start fails what it should, its solution passes on every interpreter
that is here, each mutant is caught by the check and on the interpreter that are named for it. An
answer in `accepted`, correct though unlike the solution, passes too."""

from __future__ import annotations

from pathlib import Path

import pytest

from portable_harness.exercise import workspace
from portable_harness.exercise.catalogue import Exercise, all_exercises
from portable_harness.exercise.catalogue import find as find_exercise
from portable_harness.exercise.verify import Case, cases, prove
from portable_harness.interpreters import Absent, find, select

EXERCISES = all_exercises()
ACCEPTED = sorted((Path(__file__).parent / "accepted").glob("*.txt"))
CASES = [(exercise, case) for exercise in EXERCISES for case in cases(exercise)]


def name_of(exercise: Exercise, case: Case) -> str:
    return f"{exercise.number:02} {case.what} {case.interpreter}".replace(" ", "-")


def marks_of(exercise: Exercise, case: Case) -> list[pytest.MarkDecorator]:
    """A group of its own: it runs on whichever worker is free, as most of them wait."""
    marks = [pytest.mark.xdist_group(name_of(exercise, case))]
    if case.interpreter == "jython":  # a JVM for each check
        marks.append(pytest.mark.slow)
    return marks


ANYWHERE = [pytest.param(*case, id=name_of(*case), marks=marks_of(*case)) for case in CASES]


@pytest.mark.time_limit(300)
@pytest.mark.parametrize(("exercise", "case"), ANYWHERE)
def test_it_is_sound(exercise: Exercise, case: Case) -> None:
    finding = prove(exercise, case)
    if finding.absent:
        pytest.skip(f"absent: {case.interpreter}")
    assert finding.problem == ""


@pytest.mark.time_limit(300)
@pytest.mark.parametrize("interpreter", ["2.7", "cpython", "pypy"])
@pytest.mark.parametrize("path", ACCEPTED, ids=lambda path: path.stem)
def test_an_unusual_correct_answer_passes(path: Path, interpreter: str) -> None:
    """Each of them is a program by somebody who has read the page only."""
    number, _, name = path.stem.partition("-")
    finding = prove(find_exercise(number), Case(name, path.read_text("utf-8"), interpreter))
    if finding.absent:
        pytest.skip(f"absent: {interpreter}")
    assert finding.problem == ""


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_its_solution_runs_here(exercise: Exercise) -> None:
    """Absent interpreters excuse some of the above, not all."""
    wanted = [case.interpreter for case in cases(exercise) if case.what == exercise.solution.name]
    chosen = select(",".join(wanted), find())
    assert any(not isinstance(one, Absent) for one in chosen)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_its_page_has_a_task_and_no_hints(exercise: Exercise) -> None:
    page = (exercise.folder / "README.md").read_text(encoding="utf-8")
    assert page.startswith("# ")
    assert "## Task\n" in page
    assert "## Hints" not in page
    assert exercise.file in page
    assert len(workspace.hints(exercise)) == 3


def test_their_numbers_are_their_places() -> None:
    assert all(one.name.startswith(f"{one.number:02}-") for one in EXERCISES)

"""What a grade is worth: an answer that misses the lesson gets less than half, a start nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from portable_harness.exercise.catalogue import Exercise, all_exercises, find
from portable_harness.exercise.command import exercise
from portable_harness.exercise.grade import Grading, expected
from portable_harness.exercise.model import Result, Status
from portable_harness.exercise.mutant import find as find_mutant
from portable_harness.exercise.result_formats import Points, gradescope

pytestmark = pytest.mark.time_limit(300)
EACH = pytest.mark.parametrize("exercise", all_exercises(), ids=lambda one: one.name)
HERE = ["py311", "pypy39"]


def score(exercise: Exercise, failed: set[str]) -> float:
    """Of 100 points, where these checks fail on all interpreters and the others pass."""
    grading = Grading.of(exercise, exercise.tests.read_text(encoding="utf-8"), HERE)
    for row in grading.rows:
        name = row.result.check
        status = Status.FAILED if name in failed else Status.PASSED
        row.result = Result(name, "", status)
    return float(json.loads(gradescope(grading, Points(total=100.0)))["score"])


def checks(exercise: Exercise) -> set[str]:
    tests = exercise.tests.read_text(encoding="utf-8")
    return {check.name for check, _ in expected(exercise, tests)}


@EACH
def test_the_lesson_is_more_than_half(exercise: Exercise) -> None:
    assert set(exercise.lesson) <= checks(exercise)
    assert exercise.lesson
    assert score(exercise, set()) == pytest.approx(100)
    for name in exercise.lesson:
        assert score(exercise, {name}) < 50


@EACH
def test_what_the_start_file_passes_earns_nothing(exercise: Exercise) -> None:
    fails = {name for names in exercise.start_fails.values() for name in names}
    assert score(exercise, fails) == 0


def test_one_other_check_costs_its_own_points_only() -> None:
    exercise = find("12")
    assert score(exercise, {"in-order"}) > 90


def graded(number: int, program: str) -> float:
    """The points of a program on CPython."""
    Path(find(str(number)).file).write_text(program, encoding="utf-8")
    words = ["submit-check", str(number), ".", "--interpreters", "cpython", "--points", "100"]
    CliRunner().invoke(exercise, [*words, "--gradescope", "results.json"])
    return float(json.loads(Path("results.json").read_text(encoding="utf-8"))["score"])


def test_a_mutant_and_the_start_file_of_exercise_12(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    one = find("12")
    solution = one.solution.read_text(encoding="utf-8")
    assert 0 < graded(12, find_mutant(one, "if_instead_of_while").program(solution)) < 50
    assert graded(12, one.start.read_text(encoding="utf-8")) == 0

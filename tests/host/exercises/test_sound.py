"""Each exercise is sound: its start fails what it should, its solution passes on every interpreter
that is here, each mutant is caught by the check and on the interpreter that are named for it."""

from __future__ import annotations

import re

import pytest

from portable_harness.exercise.catalogue import Exercise, all_exercises
from portable_harness.exercise.verify import verify

pytestmark = pytest.mark.time_limit(900)  # six interpreters and all mutants, one after the other
EXERCISES = all_exercises()
# A minute each: whichever worker of xdist is free takes the next.
ANYWHERE = [pytest.param(one, marks=pytest.mark.xdist_group(one.name)) for one in EXERCISES]


@pytest.mark.parametrize("exercise", ANYWHERE, ids=lambda one: one.name)
def test_it_is_sound(exercise: Exercise) -> None:
    findings = list(verify(exercise))
    assert [one for one in findings if one.problem and not one.absent] == []
    assert any(one.what == "solution.py" and not one.absent for one in findings)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.name)
def test_its_page_has_a_task_and_three_hints(exercise: Exercise) -> None:
    page = (exercise.folder / "README.md").read_text(encoding="utf-8")
    assert page.startswith("# ")
    assert "## Task\n" in page
    hints = page.partition("## Hints\n")[2]
    assert re.findall(r"^(\d)\. ", hints, re.MULTILINE) == ["1", "2", "3"]
    assert exercise.file in page


def test_their_numbers_are_their_places() -> None:
    assert all(one.name.startswith(f"{one.number:02}-") for one in EXERCISES)

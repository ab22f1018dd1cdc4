"""Every sentence of a task has a check: the table `task` of each exercise.json.

The keys are the beginnings of the sentences, in their order, so that a sentence cannot be added or
changed without a look at what checks it.
"""

from __future__ import annotations

import json
import re

import pytest

from portable_harness.exercise.catalogue import Exercise, all_exercises
from portable_harness.exercise.grade import expected

GIVEN = "is given"  # in place of checks: the start file does it already
EACH = pytest.mark.parametrize("exercise", all_exercises(), ids=lambda one: one.name)


def sentences(page: str) -> list[str]:
    """The sentences of the numbered items, and what a client may send, of the tables."""
    task = page.partition("## Task\n")[2].partition("\n## ")[0]
    items = re.findall(r"^\d+\. (.*(?:\n   .*)*)", task, re.MULTILINE)
    found = [text for item in items for text in re.split(r"(?<=[.)]) (?=[A-Z`(])", flat(item))]
    return found + re.findall(r"^\| (`.*?`|anything else) \|", task, re.MULTILINE)


def flat(text: str) -> str:
    """In one line."""
    return " ".join(text.split())


def table(exercise: Exercise) -> dict[str, list[str] | str]:
    """The beginnings of sentences, and their checks."""
    values = json.loads((exercise.folder / "exercise.json").read_text(encoding="utf-8"))
    found: dict[str, list[str] | str] = values["task"]
    return found


def test_sentences_are_found() -> None:
    page = (
        "# 1\n\n## Task\nDo:\n\n1. One thing (small). `two` is\n   more. \n2. Three.\n\n## Try it\n"
    )
    assert sentences(page) == ["One thing (small).", "`two` is more.", "Three."]
    assert sentences("## Task\n| `A b` | it |\n| anything else | `c` |\n") == [
        "`A b`",
        "anything else",
    ]


@EACH
def test_the_table_has_each_sentence_of_the_task(exercise: Exercise) -> None:
    page = (exercise.folder / "README.md").read_text(encoding="utf-8")
    written, keys = sentences(page), list(table(exercise))
    assert written
    wrong = [
        (text, key) for text, key in zip(written, keys, strict=True) if text[: len(key)] != key
    ]
    assert wrong == []


@EACH
def test_the_table_names_checks_that_are_there(exercise: Exercise) -> None:
    tests = exercise.tests.read_text(encoding="utf-8")
    there = {check.name for check, _ in expected(exercise, tests)}
    named = {name for checks in table(exercise).values() if checks != GIVEN for name in checks}
    assert named
    assert named <= there
    assert all(checks for checks in table(exercise).values())

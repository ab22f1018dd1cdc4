"""What --json prints is what portable_harness/check/schema.json says, and the schema is strict."""

from __future__ import annotations

import copy
import json
from importlib import resources
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.host.check.test_check_command import FAULTY, check

SCHEMA = json.loads((resources.files("portable_harness.check") / "schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
Path = tuple[str | int, ...]


def errors(value: Any) -> list[str]:
    """One line for each thing that is wrong; nothing for a valid value."""
    return [error.message for error in VALIDATOR.iter_errors(value)]


def places(value: Any) -> set[tuple[Path, str]]:
    """Where a value is wrong, and by which keyword: in every form that it might have had."""
    left, found = list(VALIDATOR.iter_errors(value)), set()
    while left:
        error = left.pop()
        left += error.context
        found.add((tuple(error.absolute_path), str(error.validator)))
    return found


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.fixture(scope="module")
def run() -> dict[str, Any]:
    """With a check that passes, one that fails, one that is told and one that cannot be asked."""
    words = ("--only", "greeting,message,no-leak", "--patience", "3", "--json", "--transcripts")
    done = check("chat", *words, "--", *FAULTY, "echo")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_a_run_is_as_described(run: dict[str, Any]) -> None:
    assert errors(run) == []
    assert run["kept"] == {"required": False, "strong": True, "informational": None}
    assert {row["status"] for row in run["checks"]} == {"passed", "failed"}


def test_what_is_not_reached_is_as_described() -> None:
    words = ("--time-limit", "1", "--patience", "1", "--json")
    done = check("chat", *words, "--", *FAULTY, "no-greeting")
    found = json.loads(done.stdout)
    assert errors(found) == []
    assert any(row["status"] == "not reached" for row in found["checks"])


def test_a_matrix_is_as_described() -> None:
    words = ("--python", FAULTY[1], "--interpreters", "cpython,2.6", "--only", "greeting", "--json")
    found = json.loads(check("chat", *words).stdout)
    assert errors(found) == []
    assert found["passed"]
    assert found["interpreters"]
    assert found["absent"]


@pytest.mark.parametrize(
    ("path", "value", "keyword"),
    [
        (("passed",), 1, "type"),
        (("checks", 0, "status"), "perhaps", "enum"),
        (("checks", 0, "seconds"), -1.0, "minimum"),
        (("checks", 0, "surplus"), 1, "additionalProperties"),
        (("checks", 1, "transcript", 0, "client"), "one", "type"),
        (("format",), "portable-server check 2", "const"),
    ],
)
def test_what_is_wrong_is_seen(
    run: dict[str, Any], path: Path, value: object, keyword: str
) -> None:
    wrong = copy.deepcopy(run)
    place: Any = wrong
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    where = path[:-1] if keyword == "additionalProperties" else path
    assert errors(wrong)
    assert (where, keyword) in places(wrong)


def test_the_schema_names_every_field_that_is_missing(run: dict[str, Any]) -> None:
    for name in run:
        assert errors({key: value for key, value in run.items() if key != name}), name

"""The command ``race``: what it prints, writes and returns for each answer."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portable_harness.base.errors import Problem
from portable_harness.base.tree import TREE
from portable_harness.race.command import race
from portable_harness.race.run import absolute

CORPUS = TREE / "tests" / "litmus" / "explore" / "corpus"


def run(*words: str) -> Result:
    """The command on the Python that runs this test."""
    return CliRunner().invoke(race, [*words, "--interpreters", sys.executable])


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, dict[str, object]]:
    file = tmp_path_factory.mktemp("race") / "result.json"
    result = run(f"{CORPUS / 'values.py'}:Hits", "--json", str(file))
    return result, json.loads(file.read_text())["results"][0]


def test_fault_is_shown_with_its_interleaving(found: tuple[Result, dict[str, object]]) -> None:
    result, _ = found
    assert result.exit_code == 1, result.output
    assert "not linearizable" in result.output
    assert "... self._hits += 1" in result.output
    assert "--replay=r" in result.output


def test_json_has_the_answer(found: tuple[Result, dict[str, object]]) -> None:
    _, answer = found
    assert answer["kind"] == "not linearizable"
    assert answer["repeats"] is True
    assert isinstance(answer["found_after"], int)


def test_token_repeats_what_was_found(found: tuple[Result, dict[str, object]]) -> None:
    result = run(f"{CORPUS / 'values.py'}:Hits", f"--replay={found[1]['token']}")
    assert result.exit_code == 1, result.output
    assert "found after 1 schedule" in result.output


def test_right_class_ends_with_0() -> None:
    result = run(f"{CORPUS / 'right.py'}:Hits", "--time-limit", "0.5s")
    assert result.exit_code == 0, result.output
    assert "no violation in" in result.output
    assert "safe" not in result.output


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("import nothing_like_this", "importing broken fails"),
        ("raise SystemExit(1)", "ends the interpreter"),
        ("class Target(object):\n    def __init__(self, thing):\n        thing.wait", "race"),
        ("class Target(object):\n    _hidden = 1", "no public method"),
        ("Target = 5", "neither a class nor a function"),
        ("def Target(", "SyntaxError"),
    ],
)
def test_target_that_cannot_be_driven_is_explained(tmp_path: Path, text: str, part: str) -> None:
    (tmp_path / "broken.py").write_text(text + "\n")
    result = run(f"{tmp_path / 'broken.py'}:Target")
    assert result.exit_code == 2, result.output
    assert part in result.output


@pytest.mark.parametrize("target", ["bank.py", "nowhere.py:Account", ":x", "bank.py:"])
def test_wrong_target_is_a_problem(target: str) -> None:
    with pytest.raises(Problem):
        absolute(target)

"""The command ``race``: what it prints, writes and returns for each answer."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

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
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, dict[str, Any]]:
    file = tmp_path_factory.mktemp("race") / "result.json"
    others = [f"--{kind}={file.with_suffix('.' + kind)}" for kind in ("html", "junit", "sarif")]
    result = run(f"{CORPUS / 'values.py'}:Hits", "--json", str(file), *others)
    return result, {**json.loads(file.read_text())["results"][0], "file": file}


def test_fault_is_shown_with_its_interleaving(found: tuple[Result, dict[str, Any]]) -> None:
    result, _ = found
    assert result.exit_code == 1, result.output
    assert "not linearizable" in result.output
    assert "... self._hits += 1" in result.output
    assert "--replay=r" in result.output


def test_json_has_the_answer(found: tuple[Result, dict[str, Any]]) -> None:
    _, answer = found
    assert answer["kind"] == "not linearizable"
    assert answer["repeats"] is True
    assert isinstance(answer["found_after"], int)


def test_junit_has_a_failure(found: tuple[Result, dict[str, Any]]) -> None:
    suite = ElementTree.parse(found[1]["file"].with_suffix(".junit")).getroot()[0]
    assert [(case.tag, case[0].tag) for case in suite] == [("testcase", "failure")]
    assert "self._hits += 1" in str(suite[0][0].text)


def test_sarif_has_the_place_and_the_interleaving(found: tuple[Result, dict[str, Any]]) -> None:
    document = json.loads(found[1]["file"].with_suffix(".sarif").read_text())
    assert document["version"] == "2.1.0"
    (result,) = document["runs"][0]["results"]
    rules = [rule["id"] for rule in document["runs"][0]["tool"]["driver"]["rules"]]
    assert result["ruleId"] in rules
    place = result["locations"][0]["physicalLocation"]
    line = (CORPUS / "values.py").read_text().splitlines()[place["region"]["startLine"] - 1]
    assert line.strip() == "self._hits += 1"
    assert place["artifactLocation"]["uri"].endswith("values.py")
    flows = result["codeFlows"][0]["threadFlows"]
    assert [flow["id"] for flow in flows] == ["thread 1", "thread 2"]
    turns = [where["executionOrder"] for flow in flows for where in flow["locations"]]
    assert sorted(turns) == list(range(1, len(turns) + 1)) != turns


def test_page_draws_each_step_in_the_column_of_its_thread(
    found: tuple[Result, dict[str, Any]],
) -> None:
    text = found[1]["file"].with_suffix(".html").read_text()
    rows = re.findall(r"<tr[^>]*>\n<td.*?</tr>", text, re.DOTALL)
    columns = [[bool(cell) for cell in re.findall(r"<td( class=\"runs\")?>", row)] for row in rows]
    assert columns == [[True, False], [False, True], [True, False]]
    assert text.count("→") == 2


def test_token_repeats_what_was_found(found: tuple[Result, dict[str, Any]]) -> None:
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

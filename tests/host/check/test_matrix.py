"""`--python FILE.py --interpreters LIST`: the same file on each interpreter that is here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from portable_harness.interpreters.search import find
from tests.host.check.test_check_command import FAULTY, ROOT, check
from tests.host.check.test_schema import errors

PORTABLE = ROOT / "exercises" / "10-chat-with-locks" / "solution.py"


def names(everywhere: bool = True) -> list[str]:
    return [
        interpreter.name
        for interpreter in find().interpreters
        if everywhere or interpreter.version[0] == 2
    ]


@pytest.mark.slow
@pytest.mark.time_limit(400)
def test_all_is_every_interpreter_that_is_here(tmp_path: Path) -> None:
    junit = tmp_path / "check.xml"
    words = ("--python", str(PORTABLE), "--interpreters", "all", "--only", "greeting,message,leave")
    done = check("chat", *words, "--json", "--junit", str(junit), limit=360.0)
    found = json.loads(done.stdout)
    assert errors(found) == []
    assert sorted(found["interpreters"]) == sorted(names())
    assert done.returncode == 0, done.stderr
    assert found["passed"], done.stderr
    for name in names():
        assert name in done.stderr  # the matrix, when standard output has the JSON
        assert f'classname="{name}.chat.required"' in junit.read_text(encoding="utf-8")


@pytest.mark.slow
def test_an_interpreter_that_does_not_run_the_file_has_a_state_of_its_own() -> None:
    """The file is for Python 3.10 and later."""
    old = names(everywhere=False)
    if not old:
        pytest.skip("absent: an interpreter of Python 2")
    words = ("--python", FAULTY[1], "--interpreters", f"3.13,{old[0]}", "--only", "greeting")
    done = check("chat", *words, "--json", limit=180.0)
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert not found["passed"]
    assert errors(found) == []
    assert "ended with status 1" in found["interpreters"][old[0]]["problem"]
    assert [run["passed"] for run in found["interpreters"].values()] == [True, False]

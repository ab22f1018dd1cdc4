"""`exercise list` knows what was done, from the files that `start` and `test` keep."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portable_harness.base.options import COMMAND_VARIABLE
from portable_harness.exercise import variants, workspace
from portable_harness.exercise.achievements import FILE, Achievement
from portable_harness.exercise.catalogue import find
from portable_harness.exercise.command import exercise

pytestmark = pytest.mark.time_limit(300)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(exercise, arguments)


def first(*where: str) -> dict[str, Any]:
    done = run("list", *where, "--json")
    assert done.exit_code == 0, done.output
    row = json.loads(done.output)[0]
    assert isinstance(row, dict)
    return row


def test_open_then_tried_then_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workspace, "interpreters_for", lambda *_: "cpython")
    monkeypatch.setenv(COMMAND_VARIABLE, "../tree/portable")
    assert first()["state"] == "open"
    told = run("start", "1").output
    assert told.splitlines()[-1] == "../tree/portable exercise test 1 01-one-time-echo"
    assert first()["state"] == "open"
    folder = Path("01-one-time-echo")
    run("test", "1", str(folder), "--first")
    assert first()["state"] == "tried"
    assert "Next: ../tree/portable exercise test 1" in run("list").output
    shutil.copy(find("1").solution, folder / "server.py")
    run("test", "1", str(folder), "--interpreters", "cpython")
    assert first()["state"] == "tried"  # on one of them, by name
    run("test", "1", str(folder))
    assert first()["state"] == "done"
    (counts,) = first()["passed"].values()
    assert counts == {"checks": 6, "passed": 6}
    assert run("list").output.splitlines()[-1].startswith("1 of ")
    shutil.copy(find("1").start, folder / "server.py")
    run("test", "1", str(folder), "--first")
    assert first()["state"] == "tried"


def test_it_is_found_from_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    run("start", "1")
    run("start", "3")
    done = Achievement("01-one-time-echo", done=True, passed={"py313": [6, 6]})
    done.write(Path("01-one-time-echo"))
    monkeypatch.chdir("03-one-at-a-time")
    assert first()["state"] == "done"
    assert first("..")["state"] == "done"
    assert first("../01-one-time-echo")["state"] == "done"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"exercise": 1, "passed": {"a": 3}}', '{"a": 1}'])
def test_a_file_that_cannot_be_read_is_no_progress(text: str) -> None:
    run("start", "1")
    Path("01-one-time-echo", FILE).write_text(text, encoding="utf-8")
    assert first()["state"] == "open"
    assert run("test", "1", "01-one-time-echo", "--interpreters", "9.9").exit_code == 1


def test_the_variant_is_remembered() -> None:
    one = find("1")
    names = [f"s{at}" for at in range(99)]
    name = next(name for name in names if variants.words(one, name)["welcome"] != "welcome")
    run("start", "1", "workspace", "--variant", name)
    solution = one.solution.read_text(encoding="utf-8")
    own = variants.replaced(solution, variants.words(one, name))
    Path("workspace/server.py").write_text(own, encoding="utf-8")
    done = run("test", "1", "workspace", "--interpreters", "cpython")
    assert done.exit_code == 0, done.output


def test_no_file_in_a_folder_that_start_did_not_make() -> None:
    shutil.copy(find("1").solution, "server.py")
    run("test", "1", "server.py", "--interpreters", "cpython")
    assert not Path(FILE).exists()

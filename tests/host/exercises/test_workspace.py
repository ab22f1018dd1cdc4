"""What a student types: list, start, hint, test."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner, Result

from portable_harness.exercise.catalogue import find
from portable_harness.exercise.command import exercise

ROOT = Path(__file__).resolve().parents[3]
pytestmark = pytest.mark.time_limit(300)


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(exercise, arguments)


def test_the_list_has_all() -> None:
    assert "01  The one-time echo server" in run("list").output
    assert json.loads(run("list", "--json").output)[0]["file"] == "server.py"


def test_start_makes_a_folder_and_never_overwrites() -> None:
    assert run("start", "1", "workspace").exit_code == 0
    assert sorted(path.name for path in Path("workspace").iterdir()) == [
        ".exercise.json", "README.md", "server.py", "tests.py",
    ]  # fmt: skip
    again = run("start", "1", "workspace")
    assert again.exit_code == 2
    assert "is there already" in again.output


def test_a_variant_has_words_of_its_own() -> None:
    pages = set()
    for number in range(8):
        run("start", "1", f"workspace{number}", "--variant", f"student{number}")
        pages.add(Path(f"workspace{number}/README.md").read_text(encoding="utf-8"))
    assert len(pages) > 1


def test_hints_come_one_at_a_time() -> None:
    told = [run("hint", "1").output[:6] for _ in range(4)]
    assert told == ["1 of 3", "2 of 3", "3 of 3", "There "]
    assert "no more hints" in run("hint", "1").output
    assert run("hint", "1", "--again").output.startswith("1 of 3")


def test_the_start_fails_and_the_solution_passes() -> None:
    run("start", "1", "workspace")
    bad = run("test", "1", "workspace", "--interpreters", "cpython")
    assert bad.exit_code == 1
    assert "actual:" in bad.output
    assert "expected:" in bad.output
    good = run("test", "1", str(find("1").solution), "--interpreters", "cpython", "--json")
    assert good.exit_code == 0, good.output
    (results,) = json.loads(good.output)["results"].values()
    assert {one["status"] for one in results} == {"passed"}


def test_an_absent_interpreter_is_no_success() -> None:
    done = run("test", "1", str(find("1").solution), "--interpreters", "3.13,9.9")
    assert done.exit_code == 1
    assert "9.9: absent" in done.output
    assert done.output.splitlines()[-1] == "All passed on py313. Absent: 9.9."


@pytest.mark.parametrize(
    "words",
    [("test", "4", "workspace"), ("gradescope-zip", "4", "4.zip"),
     ("submit-check", "4", "workspace", "--gradescope", "results.json")],
)  # fmt: skip
def test_where_an_exercise_cannot_be_done_one_line_says_so(words: tuple[str, ...]) -> None:
    run("start", "4", "workspace")
    told = run(*words, "--interpreters", "cpython,jython")
    assert told.exit_code == 2
    assert "exercise 4 cannot be done on jython: Java cannot fork" in told.output
    assert "leave jython out of --interpreters" in told.output
    assert sorted(path.name for path in Path().iterdir()) == ["workspace"]


def test_bad_input_is_one_line() -> None:
    assert run("test", "77").exit_code == 2
    missing = run("test", "1")
    assert missing.exit_code == 2
    assert "there is no server.py" in missing.output


def test_a_signal_ends_it_and_leaves_nothing(tmp_path: Path) -> None:
    run("start", "1", "workspace")
    sandboxes = tmp_path / "sandboxes"
    sandboxes.mkdir()
    program = "import time\ntime.sleep(600)\n"
    Path("workspace/server.py").write_text(program, encoding="utf-8")
    command = [sys.executable, "-m", "portable_harness", "exercise", "test", "1"]
    with subprocess.Popen(
        [*command, str(tmp_path / "workspace"), "--interpreters", "cpython"],
        cwd=ROOT, env={**os.environ, "TMPDIR": str(sandboxes)}, text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    ) as child:  # fmt: skip
        deadline = time.monotonic() + 30
        while not (found := programs(child.pid)) and time.monotonic() < deadline:
            time.sleep(0.02)
        child.terminate()
        _, said = child.communicate(timeout=60)
    assert found
    assert (child.returncode, said.splitlines()[-1:]) == (130, ["interrupted"])
    assert list(sandboxes.iterdir()) == []
    assert not any(one.is_running() for one in found)


def programs(harness: int) -> list[psutil.Process]:
    """The student's, which a process of the harness has started."""
    with contextlib.suppress(psutil.Error):
        below = psutil.Process(harness).children(recursive=True)
        return [one for one in below if one.cmdline()[1:2] == ["server.py"]]
    return []

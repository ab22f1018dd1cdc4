"""The first things that a student does: start, test, read the message, ask for a hint.

A program that cannot even be judged is reported once, in terms of the student's file.
"""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from portable_harness.base.options import COMMAND_VARIABLE
from portable_harness.exercise.catalogue import Exercise, all_exercises, find
from portable_harness.exercise.command import exercise
from portable_harness.exercise.messages import excerpt

ROOT = Path(__file__).resolve().parents[3]
SCREEN = 24  # lines
pytestmark = pytest.mark.time_limit(300)


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(exercise, arguments)


def report_of(number: int, program: str, name: str = "", *options: str) -> str:
    """What `exercise test` prints about a program; it must fit on a screen and say it once."""
    folder = Path(f"exercise-{number}")
    folder.mkdir()
    (folder / (name or find(str(number)).file)).write_text(program, encoding="utf-8")
    done = run("test", str(number), str(folder), "--interpreters", "cpython", *options)
    assert done.exit_code in (1, 2)
    assert len(done.output.splitlines()) < SCREEN
    return done.output


def test_start_and_then_test_in_the_same_folder() -> None:
    assert run("start", "4").exit_code == 0
    done = run("test", "4", "--interpreters", "cpython")
    assert (done.exit_code, done.output.count(" failed ")) == (1, 1), done.output


def test_a_program_with_a_syntax_error_is_reported_once_with_its_line() -> None:
    output = report_of(2, "import socket\nwhile True\n    pass\n", "", "--all-checks")
    assert output.count("SyntaxError") == 2  # in the sentence, and below the line
    assert "server.py does not start" in output
    assert "server.py, line 2: while True" in output
    assert "advice" not in output
    assert "16 further checks were not run: the program does not start" in output


def test_a_module_with_a_syntax_error_is_reported_once_with_its_line() -> None:
    output = report_of(12, "def f(:\n    pass\n", "", "--all-checks")
    assert "boxes.py, line 1: def f(:" in output
    assert "advice" not in output


def test_a_missing_class_is_named_with_those_that_are_there() -> None:
    output = report_of(
        12, "class Closed(Exception):\n    pass\n\n\nclass Mail(object):\n    pass\n"
    )
    assert "boxes.py has no Mailbox; it has: Closed, Mail" in output
    assert "advice" not in output


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("import sys\nsys.stdin.readline()\n", "it waits for input, and has not printed that"),
        ("import threading\nthreading.Event().wait()\n", "it waits for something, and has not"),
        ("print('ready', flush=True)\nwhile True:\n    pass\n", "printed only 'ready'"),
        ("def main():\n    {}['key']\n\n\nmain()\n", "ended with status 1: KeyError: 'key'"),
        ("pass\n", "the program ended with status 0: it printed no error"),
    ],
)
def test_a_program_that_does_not_start_says_why(program: str, why: str) -> None:
    output = report_of(2, program)
    assert why in output
    assert "server.py does not start" in output
    assert "advice" not in output


def test_a_program_that_has_ended_is_not_a_silent_peer() -> None:
    text = find("2").solution.read_text(encoding="utf-8")
    ends = text.replace("        connection.sendall(b'bye\\r\\n')", "        sys.exit(3)")
    assert ends != text
    output = report_of(2, ends)
    assert "the program ended with status 3; " in output
    assert "ends the program" in output


def test_a_file_of_another_name_is_named() -> None:
    output = report_of(2, "pass\n", "Server.py")
    assert "there is Server.py; rename it" in output


def test_only_the_frames_of_the_student_are_shown() -> None:
    output = """Traceback (most recent call last):
  File "/tmp/exercise-1/run.py", line 9, in judge
    function()
  File "/tmp/exercise-1/boxes.py", line 3, in get
    return self._items.popleft()
  File "/lib/queue.py", line 7, in popleft
    raise IndexError
IndexError: pop from an empty deque
"""
    shown = ["boxes.py, line 3, in get: return self._items.popleft()"]
    assert excerpt(output, "boxes.py") == [*shown, "IndexError: pop from an empty deque"]
    assert excerpt("one\ntwo", "boxes.py") == ["one", "two"]


def commands(page: str) -> list[list[str]]:
    """The words of each line of a page that is a command of ours."""
    lines = [line.partition("#")[0] for line in page.splitlines() if line.startswith("    ")]
    return [shlex.split(line) for line in lines if " exercise " in line]


@pytest.mark.parametrize("one", all_exercises(), ids=lambda one: one.name)
def test_the_commands_of_a_page_are_those_of_a_checkout(
    one: Exercise, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv(COMMAND_VARIABLE, "./portable")
    folder = tmp_path / "workspace"
    assert run("start", str(one.number), str(folder)).exit_code == 0
    found = commands((folder / "README.md").read_text(encoding="utf-8"))
    assert len(found) == 3
    for program, group, name, number, *options in found:
        assert (program, group, number) == (str(ROOT / "portable"), "exercise", str(one.number))
        command = exercise.commands[name]
        command.make_context(name, [number, *options])  # raises for a wrong option


def test_the_commands_of_a_page_run_in_its_folder(tmp_path: Path) -> None:
    run("start", "1", "workspace", "--variant", "ada")
    folder = tmp_path / "workspace"
    page = (folder / "README.md").read_text(encoding="utf-8")
    *_, hint = commands(page)
    program = hint[: hint.index("exercise")]
    installed = str(Path(sys.executable).with_name("portable-server"))
    assert program in ([sys.executable, "-m", "portable_harness"], [installed])
    done = subprocess.run(
        hint, cwd=folder, env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True, text=True, timeout=100, check=False,
    )  # fmt: skip
    assert done.stdout.startswith("1 of 3: "), done.stderr

"""Every command of --help works in a folder of the user's, or says in one line what it needs.

The user has no checkout, a new home, and the wheels in an environment of their own.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from typing import NamedTuple

import pytest

from portable_harness.cli import COMMANDS
from tests.host.release.records import RECORD, Records
from tests.host.release.user import Done, User

pytestmark = [pytest.mark.xdist_group("release"), pytest.mark.time_limit(900)]

#: The interpreter that the environment was made from: a command finds it whatever PATH is.
NAME = f"py{sys.version_info[0]}{sys.version_info[1]}"
GUEST = f"{sys.version_info[0]}.{sys.version_info[1]}"
ECHO = "01-one-time-echo"


class Step(NamedTuple):
    """What is typed after `portable-server`, and what comes of it."""

    words: str
    says: str  # a regular expression, found in what is printed
    status: int = 0
    guests: int = 0  # at least this many Pythons are started


ONE_LINE = 2  # bad usage: the whole of it is one line on standard error

ROWS: dict[str, list[Step]] = {
    "matrix": [Step("matrix", r"matrix --project \.", ONE_LINE)],
    "test": [Step("test", r"\./portable test in a clone", ONE_LINE)],
    "interpreters": [
        Step("interpreters", NAME),
        Step("interpreters install --help", "install jython"),
        Step("interpreters install nonsense", "nonsense", ONE_LINE),
    ],
    "check": [
        Step("check --list echo", "pieces"),
        Step("check echo --only no-mixing --adverse stalls --python echo.py"
             f" --interpreters {GUEST}", "no-mixing@stalls", guests=2),
        Step(f"check echo echo.py --interpreters {GUEST}", "--python echo.py", ONE_LINE),
        Step("chat-check --address ADDRESS", r"is called .*check chat(.|\n)*total-order"),
    ],
    "race": [
        Step(f"race collections:UserList --interpreters {GUEST} --time-limit 1s",
             "no violation in", guests=1),
        Step("race nowhere.py:Nothing", "there is no file nowhere.py", ONE_LINE),
    ],
    "exercise": [
        Step("exercise list", "(?i)one-time"),
        Step("exercise start 1", ECHO),
        Step("exercise hint 1", "1 of 3"),
        Step(f"exercise test 1 {ECHO} --interpreters {GUEST}", "Not yet", 1),
        Step(f"exercise submit-check 1 {ECHO} --interpreters {GUEST} --gradescope r.json",
             "failed", 1),
        Step("exercise gradescope-zip 1 autograder.zip", "autograder.zip"),
        Step("exercise verify 99", "no exercise", ONE_LINE),
        Step("exercise mutant 1", "any_port .*The port of the command line is not used"),
        Step("exercise mutant 1 any_port", r"listener.bind\(\('127.0.0.1', 0\)\)"),
        Step("exercise mutant 1 nonsense", "no mutant 'nonsense'", ONE_LINE),
    ],
    "litmus": [
        Step("litmus --list LostUpdate", "LostUpdate"),
        Step(f"litmus --package mine --interpreters {GUEST} --time 1s", "Mine", guests=1),
        Step(f"litmus LostUpdate --interpreters {GUEST} --time 1s --html l.html", "l.html"),
    ],
    "findings": [
        Step(f"findings queue --interpreters {GUEST} --rounds 2", "nothing found", guests=1),
    ],
    "chat-client": [Step("chat-client ADDRESS --name Ada", "Ada|room")],
    "compare": [
        Step("compare --list", "ping-pong"),
        Step(f"compare --interpreters {GUEST} --workloads ping-pong-1 --rounds 2"
             " --seconds 0.05 --peers socketserver --html c.html", NAME, guests=1),
    ],
    "benchmark-figures": [Step("benchmark-figures --list", "idle-1000")],
}  # fmt: skip


def test_every_command_has_a_row() -> None:
    assert set(ROWS) == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_it_works_outside_a_checkout(
    command: str, user: User, folder: Path, records: Records
) -> None:
    with ExitStack() as stack:
        for step in ROWS[command]:
            words = step.words
            if "ADDRESS" in words:
                words = words.replace("ADDRESS", stack.enter_context(_room(user)))
            done = user.run(["portable-server", *words.split()], folder)
            _check(step, done)
            records.check(user, done, step.guests)


def _check(step: Step, done: Done) -> None:
    assert done.status == step.status, done
    assert re.search(step.says, done.out + done.err), done
    assert "Traceback" not in done.out + done.err, done
    if step.status == ONE_LINE:
        assert (done.out, done.err.count("\n")) == ("", 1), done


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("portable_harness --version", "version"),
        ("portable_harness.benchmarks.honesty --help", "--workloads"),
        ("portable_server --help", "listening on"),
        ("portable_server.litmus --list", "LostUpdate"),
        ("portable_server.litmus.controls ab_ba", "ab_ba"),
        ("portable_server.litmus.watch -m json.tool --help", "watch|usage"),
    ],
    ids=lambda text: text.split()[0],
)
def test_its_modules_can_be_run(words: str, says: str, user: User, folder: Path) -> None:
    done = user.run(["python", "-m", *words.split()], folder)
    _check(Step(words, says), done)


@pytest.mark.network
def test_matrix_on_a_project_of_the_user(
    user: User, index: None, folder: Path, records: Records
) -> None:
    with (folder / "project" / "tests" / "test_one.py").open("a") as stream:
        stream.write(RECORD % str(records.folder))
    words = f"matrix --project project --interpreters {GUEST} --html m.html"
    done = user.run(["portable-server", *words.split()], folder)
    _check(Step(words, r"m\.html"), done)
    records.check(user, done, at_least=1)


@contextmanager
def _room(user: User) -> Iterator[str]:
    """A chat server of the installed portable half; its address."""
    words = [str(user.python), "-m", "portable_server", "chat", "--port", "0"]
    server = Popen(
        words, cwd=user.home, env=user.variables(), stdin=DEVNULL, stdout=PIPE, text=True
    )
    assert server.stdout is not None
    try:
        said = server.stdout.readline()
        found = re.search(r"127\.0\.0\.1:\d+", said)
        assert found, said
        yield found[0]
    finally:
        server.terminate()
        server.communicate(timeout=30)

"""``compare --command``: a server of somebody's own, right and faulty, is measured or reported."""

from __future__ import annotations

import os
import re
import signal
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from portable_harness.base.errors import Problem
from portable_harness.base.servers import ServerError
from portable_harness.compare import command
from portable_harness.compare.application import Application, application
from portable_harness.compare.servers import Running
from portable_harness.compare.sides import Side, interpreter_side
from portable_harness.compare.workloads import choose, http_workloads
from portable_harness.interpreters import Interpreter, select
from portable_harness.load.build import compiler
from tests.host.compare import applications
from tests.host.compare.test_command import compare, records

pytestmark = pytest.mark.skipif(compiler() is None, reason="absent: a C compiler")
FILE = Path(applications.__file__)
HTTP = ("--http", "/", "--workloads", "http-10")
HELLO = http_workloads("/")[0]


def measured(kind: str, saved: Path, *more: str, status: int = 0) -> list[dict[str, Any]]:
    """The measurements of one side."""
    done = compare(
        "--command", f"PYTHON {FILE} {kind} {{port}}", "--interpreters", sys.executable,
        "--rounds", "1", "--seconds", "0.1", "--save", str(saved), *more,
    )  # fmt: skip
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    return [record for record in records(saved) if record["kind"] == "measurement"]


def this() -> tuple[Interpreter, Side]:
    (found,) = select(sys.executable)
    assert isinstance(found, Interpreter)
    return found, interpreter_side(found, "thread-subclass")


def running(kind: str, *, program: Path = FILE, limit: float = 60.0) -> Running:
    words = ("PYTHON", str(program), kind, "{port}")
    return Running(Application(words, start_limit=limit).on(*this()), HELLO, "127.0.0.1")


def test_a_server_of_lines_is_measured(tmp_path: Path) -> None:
    found = measured("echo", tmp_path / "a", "--workloads", "ping-pong-2,churn-8")
    assert len(found) == 2
    assert all(record["requests"] > 2 for record in found)


def test_a_server_of_http_is_measured_and_its_state_of_the_gil_kept(tmp_path: Path) -> None:
    saved = tmp_path / "a"
    found = measured("hello", saved, "--http", "/", "--workloads", "http-2,http-rate-50",
                     "--rate", "50")  # fmt: skip
    assert [record["error"] for record in found] == [None] * 2
    assert found[-1]["offered_rate"] == 50
    kept = records(saved)
    assert kept[0]["application"]["http"] == "/"
    (gil,) = [record for record in kept if record["kind"] == "gil"]
    assert gil["enabled"] is True
    references = {record["reference"] for record in kept if record["kind"] == "ceiling"}
    assert references == {"c-epoll-http"}


def test_a_connection_for_each_request(tmp_path: Path) -> None:
    found = measured("hello", tmp_path / "a", "--http", "/", "--close", "--body", "x=1",
                     "--workloads", "http-2")  # fmt: skip
    assert all(record["requests"] > 2 for record in found)


def test_a_server_that_sleeps_has_its_latency(tmp_path: Path) -> None:
    found = measured("sleeps", tmp_path / "a", *HTTP, "--seconds", "0.3")
    assert all(record["latency"]["p50"] >= 0.05 for record in found)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("wrong", "a body of 3 bytes where the first had 6"),
        ("dies", "the server ended with status 3: out of order"),
        ("refuses", "did not start: the process ended by itself with status 1; no database"),
    ],
)
def test_a_faulty_server_is_an_error_of_each_round(kind: str, said: str, tmp_path: Path) -> None:
    found = measured(kind, tmp_path / "a", *HTTP, "--rounds", "3", status=1)
    assert len(found) == 2  # it is not tried a third time
    assert all(said in record["error"] for record in found)


def test_one_that_does_not_listen_is_given_up_and_ended() -> None:
    with pytest.raises(ServerError, match=r"port \d+ does not accept after 0\.5 s"):
        running("mute", limit=0.5)
    assert not [p for p in psutil.Process().children(recursive=True) if "mute" in p.cmdline()]


STUBBORN = """\
import os, runpy, signal, subprocess, sys
child = [sys.executable, "-c", "import signal, time; print('up', flush=True); time.sleep(600)"]
signal.signal(signal.SIGTERM, signal.SIG_IGN)
process = subprocess.Popen(child, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                           start_new_session=True)
process.stdout.readline()
sys.argv[1] = "hello"
runpy.run_path({file!r}, run_name="__main__")
"""


def test_one_that_ignores_sigterm_is_killed_with_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portable_harness.compare.application.STOP_LIMIT", 0.2)
    program = tmp_path / "stubborn.py"
    program.write_text(STUBBORN.format(file=str(FILE)), encoding="utf-8")
    server = running("-", program=program)
    pid = server._process.pid
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    assert len(family) == 2
    assert os.getpgid(pid) == pid
    server._process.__exit__(None, None, None)
    assert server._process.process.returncode == -signal.SIGKILL
    _, alive = psutil.wait_procs(family, timeout=30)
    for process in alive:
        process.kill()
    assert alive == []


WARNS = """\
import runpy, sys, warnings
warnings.warn("The global interpreter lock (GIL) has been enabled to load module 'greenlet._x', "
              "which has not declared that it can run safely without the GIL.")
runpy.run_path({file!r}, run_name="__main__")
"""


def test_a_module_that_brings_the_gil_back_is_named(tmp_path: Path) -> None:
    program = tmp_path / "warns.py"
    program.write_text(WARNS.format(file=str(FILE)), encoding="utf-8")
    assert running("hello", program=program).stop() == {"enabled": True, "module": "greenlet._x"}


def test_what_cannot_be_installed_is_the_reason_why_a_side_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def create(self: object) -> None:
        raise Problem("cannot install dance: no wheel for this build")

    monkeypatch.setattr("portable_harness.guest.GuestEnvironment.create", create)
    made = application("PYTHON -m dance {port}", ["dance"]).on(*this())
    with pytest.raises(ServerError, match="cannot install dance: no wheel for this build"):
        Running(made, HELLO, "127.0.0.1")


def test_the_workloads_of_http_are_chosen_by_name() -> None:
    pool = http_workloads("/", rate=5)
    assert [found.name for found in choose("quick", None, ["rate"], pool=pool)] == ["http-rate-5"]
    with pytest.raises(Problem, match="no workload is called 'ping-pong-1'"):
        choose("quick", None, ["ping-pong-1"], pool=pool)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--command", "python app.py {port}"), "--command has no word PYTHON"),
        (("--command", "PYTHON app.py"), "--command has no {port}"),
        (("--command", "PYTHON 'app.py {port}"), "No closing quotation"),
        (("--command", "PYTHON app.py {port}", "--http", "x"), "--http 'x' is not the path"),
        (("--command", "PYTHON app.py {port}", "--peers", "all"), "--peers does not go with"),
        (("--command", "PYTHON a {port}", "--body", "x"), "--body needs --http"),
        (("--command", "PYTHON a {port}", "--http", "/", "--rate", "5", "--close"), "--rate does"),
        (("--http", "/"), "--http needs --command"),
        (("--with", "flask"), "--with needs --command"),
    ],
)
def test_options_that_do_not_go_together_are_refused(arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(Problem, match=re.escape(said)):
        command.compare.main(["--interpreters", sys.executable, *arguments], standalone_mode=False)

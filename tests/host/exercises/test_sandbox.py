"""Each limit, broken by a real program, is told in words, and nothing of the program is left.

No test here forks without end: each bomb takes a token for each fork from a pipe that has 200, so
that a sandbox that does not hold costs 200 processes and not the machine.
"""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from portable_harness.exercise import catalogue, suite
from portable_harness.exercise.catalogue import Limits
from portable_harness.exercise.job import Job, environment
from portable_harness.exercise.model import Result, Status
from portable_harness.exercise.program import Program
from portable_harness.exercise.sandbox import Child, own_user
from portable_harness.interpreters import Absent, select
from portable_harness.jython import fast_command

MARK = "SANDBOX_TEST"
SMALL = Limits(
    seconds=2.0, memory_mib=200, processes=32, threads=16, file_mib=2,
    descriptors=64, output_kib=64,
)  # fmt: skip
TOKENS = """
    import os, signal, sys, threading, time
    tokens, write = os.pipe()
    os.write(write, b'x' * 200)
    os.close(write)
"""
LISTEN = """
    import socket
    listener = socket.socket()
    listener.bind(('127.0.0.1', int(sys.argv[1])))
    listener.listen(5)
    print('listening on 127.0.0.1:%d' % listener.getsockname()[1])
    sys.stdout.flush()
"""
BOMB = """
    first, failed = os.getpid(), 0
    while os.read(tokens, 1):
        try:
            os.fork()
        except OSError:
            failed += 1
    if os.getpid() == first:
        print('over')
        sys.stdout.flush()
    time.sleep(100)
"""
BROKEN = {
    "processes": (BOMB, "started more than 32 processes"),
    "processes, each its own session": (
        """
    while os.read(tokens, 1):
        try:
            if os.fork() == 0:
                os.setsid()
        except OSError:
            pass
    time.sleep(100)
        """, "started more than 32 processes"),
    "threads": (
        """
    while os.read(tokens, 1):
        threading.Thread(target=time.sleep, args=(100,)).start()
        """, "started more than 16 threads"),
    "memory": ("data = []\nwhile True: data.append(b'x' * (8 << 20))",
               "used more than 200 MiB of memory"),
    "memory, in two processes": (
        "os.fork()\ndata = b'x' * (150 << 20)\ntime.sleep(100)",
        "used more than 200 MiB of memory"),
    "time": (LISTEN + "    while True: pass", "ran longer than 7 s"),
    "time to start": ("time.sleep(100)", "it still runs after 5 s"),
    "stdout": ("while True: os.write(1, b'x' * 65536)", "printed more than 64 KiB"),
    "stderr": ("while True: os.write(2, b'listening on me\\n' * 4096)", "printed more than 64 KiB"),
    "descriptors": ("files = [open(os.devnull) for _ in range(1000)]",
                    "opened more than 64 descriptors"),
    "a file": ("open('huge', 'wb').write(b'x' * (3 << 20))", "wrote a file beyond 2 MiB"),
    "files": (
        """
    for number in range(20):
        with open(str(number), 'wb') as stream:
            stream.write(b'x' * (1 << 20))
    time.sleep(100)
        """, "wrote more than 16 MiB of files"),
}  # fmt: skip
Grade = Callable[..., Result]


def program(*parts: str) -> str:
    """The text of a program, whose parts may be indented as a whole."""
    return "\n".join(textwrap.dedent(part) for part in (TOKENS, *parts))


@pytest.fixture
def grade(tmp_path: Path, mark: str, monkeypatch: pytest.MonkeyPatch) -> Grade:
    """A function of a program's text that gives the result of the first check of exercise 1."""

    def run(text: str, interpreter: str = "", limits: Limits = SMALL, start: int = 5) -> Result:
        monkeypatch.setattr("portable_harness.exercise.starting.START_LIMIT", start)
        file = tmp_path / "server.py"
        file.write_text(program(text), encoding="utf-8")
        exercise = replace(catalogue.find("1"), limits=limits)
        command = fast_command(_interpreter(interpreter)) if interpreter else [sys.executable]
        (result,) = suite.run(Job(exercise, file, "this", command, only=["welcome"]))
        return result

    return run


def _interpreter(name: str) -> Any:
    (found,) = select(name)
    if isinstance(found, Absent):
        pytest.skip(f"{name}: {found.reason}")
    return found


@pytest.fixture
def mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """In the environment of each program; afterwards none of them is left."""
    monkeypatch.setenv(MARK, str(tmp_path))
    yield str(tmp_path)
    assert [one for one in psutil.process_iter() if _is_marked(one, str(tmp_path))] == []


def _is_marked(process: psutil.Process, mark: str) -> bool:
    try:
        return process.pid != os.getpid() and process.environ().get(MARK) == mark
    except psutil.Error:
        return False


@pytest.mark.parametrize("limit", BROKEN)
def test_a_broken_limit_is_told_in_words(grade: Grade, limit: str) -> None:
    text, words = BROKEN[limit]
    result = grade(text)
    assert result.status is Status.FAILED
    assert words in result.came
    assert len(result.output) < 10_000


@pytest.mark.parametrize(
    ("text", "words"),
    [("while True: pass", "it still runs after 5 s"),
     ("data = []\nwhile True: data.append('x' * (8 << 20))", "used more than 250 MiB")],
    ids=["time", "memory"],
)  # fmt: skip
def test_it_is_told_on_jython_too(grade: Grade, text: str, words: str) -> None:
    start = 60 if "data" in text else 5
    assert words in grade(text, "jython", Limits(memory_mib=250), start).came


@pytest.fixture
def child(tmp_path: Path, mark: str) -> Iterator[Callable[[str], Child]]:
    """A function of a program's text that starts it without a guard."""
    uid, made = own_user(), []
    if uid is not None:
        os.chown(tmp_path, uid, -1)

    def start(text: str) -> Child:
        file = tmp_path / "program.py"
        file.write_text(program(text), encoding="utf-8")
        words = [sys.executable, str(file), "0"]
        made.append(Child(words, tmp_path, environment(tmp_path), SMALL, uid))
        return made[-1]

    yield start
    for one in made:
        one.end()
        for stream in (one.supervisor.stdout, one.supervisor.stderr):
            assert stream is not None
            stream.close()


def test_the_kernel_bounds_the_tasks_whoever_looks(child: Callable[[str], Child]) -> None:
    bomb = child(BOMB)
    assert bomb.supervisor.stdout is not None
    assert bomb.supervisor.stdout.readline() == b"over\n"
    if "processes" in bomb.lacks:
        pytest.skip("no limit of the kernel binds here")
    assert 32 < len(bomb.everything()) <= 32 + 16


def test_what_leaves_its_session_and_its_parents_is_ended(child: Callable[[str], Child]) -> None:
    text = """
        for _ in range(3):
            if os.fork() == 0:
                os.setsid()
                if os.fork():
                    os._exit(0)
                os.write(1, b'%d\\n' % os.getpid())
                time.sleep(100)
        os._exit(0)
    """
    one = child(text)
    assert one.supervisor.stdout is not None
    for _ in range(3):
        assert one.supervisor.stdout.readline()
    assert one.wait(20) == 0
    pids = [left.pid for left in one.everything()]
    assert len(pids) == 3
    one.end()
    assert not any(psutil.pid_exists(pid) for pid in pids)


def test_it_cannot_end_the_harness_and_its_supervisor_dies_not_alone(
    child: Callable[[str], Child],
) -> None:
    text = """
        targets = [os.getppid()] + ([-1] if os.getuid() >= 20000 else [])
        if os.fork() == 0:
            time.sleep(100)
        for target in targets:
            try:
                os.kill(target, signal.SIGKILL)
            except OSError:
                pass
        time.sleep(100)
    """
    one = child(text)
    if os.geteuid() != 0:
        assert one.wait(20) is not None
    one.end()


def test_it_has_no_network_but_loopback(child: Callable[[str], Child]) -> None:
    one = child("import socket\nprint([name for _, name in socket.if_nameindex()])\n")
    assert one.supervisor.stdout is not None
    names = one.supervisor.stdout.readline()
    if "network" in one.lacks:
        pytest.skip("no network of its own can be had here")
    assert names == b"['lo']\n"


def test_a_restart_keeps_the_network(tmp_path: Path, mark: str) -> None:
    file = tmp_path / "program.py"
    where = "os.readlink('/proc/self/ns/net')" if sys.platform == "linux" else "'here'"
    text = f"listener.accept()[0].sendall({where}.encode())\nlistener.accept()"
    file.write_text(program(LISTEN, text))
    uid = own_user()
    if uid is not None:
        os.chown(tmp_path, uid, -1)
    server = Program([sys.executable, str(file)], tmp_path, environment(tmp_path), SMALL, uid)
    networks = []
    try:
        for _ in range(2):
            server.start()
            with server.socket() as client:
                client.connect(server.address)
                networks.append(client.recv(100))
            server.forget()
    finally:
        server.close()
    assert networks[0] == networks[1] != b""


def test_a_right_answer_is_not_disturbed(grade: Grade) -> None:
    solution = catalogue.find("1").solution.read_text(encoding="utf-8")
    result = grade(f"exec(compile({solution!r}, 'server.py', 'exec'))\n")
    assert result.status is Status.PASSED, result

"""Whatever a student's program does, there is a result for each check, and nothing is left."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from harness.exercise import catalogue
from harness.exercise.isolation import isolate
from harness.exercise.model import Status
from tests.host.exercises.conftest import Grade

CHECKS = ["port", "welcome", "echo", "goes-on", "bytes", "ends"]

HOSTILE = {
    "crashes": "import os; os.abort()",
    "is no Python": "def (",
    "hangs": "while True: pass",
    "sleeps": "import threading; threading.Event().wait()",
    "floods stdout": "import os\nwhile True: os.write(1, b'x' * 65536)",
    "floods stderr": "import os\nwhile True: os.write(2, b'listening on me\\n' * 4096)",
    "closes its descriptors": "import os, time\nos.closerange(0, 256)\ntime.sleep(100)",
    "kills its parents": """
        import os, signal
        for pid in {1, os.getppid(), os.getpgrp(), -1}:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
    """,
    "kills its group": "import os, signal\nos.killpg(0, signal.SIGKILL)",
    "forks without end": """
        import os
        while True:
            try:
                os.fork()
            except OSError:
                pass
    """,
    "leaves children": """
        import os, time
        for _ in range(3):
            if not os.fork():
                os.setsid()
                if os.fork():
                    os._exit(0)
                time.sleep(100)
        os._exit(0)
    """,
    "takes all memory": "data = []\nwhile True: data.append(bytearray(8 << 20))",
    "opens everything": "import os\nfiles = [open(os.devnull) for _ in range(100000)]",
    "writes a huge file": """
        with open('huge', 'wb') as stream:
            while True:
                stream.write(b'x' * (1 << 20))
    """,
    "writes many files": """
        import itertools
        for number in itertools.count():
            with open(str(number), 'wb') as stream:
                stream.write(b'x' * (15 << 20))
    """,
    "prints a wrong address": "print('listening on 127.0.0.1:1', flush=True)\ninput()",
}


def descendants() -> set[int]:
    return {process.pid for process in psutil.Process().children(recursive=True)}


@pytest.mark.parametrize("deed", HOSTILE)
def test_each_check_has_a_result_and_nothing_is_left(grade: Grade, deed: str) -> None:
    before = descendants()
    limits = replace(catalogue.find("1").limits, memory_mib=200, seconds=5.0, file_mib=16)
    exercise = replace(catalogue.find("1"), limits=limits)
    results = grade(HOSTILE[deed], only=["port", "echo"], start_limit=3.0, exercise=exercise)
    assert list(results) == ["port", "echo"]
    assert not any(result.status is Status.PASSED for result in results.values())
    assert all(len(result.output) < 10_000 for result in results.values())
    assert descendants() == before


def test_the_right_answer_passes(grade: Grade, solution: str) -> None:
    results = grade(solution)
    assert list(results) == CHECKS
    assert {result.status for result in results.values()} == {Status.PASSED}


def test_the_tree_is_read_only_and_the_solutions_are_hidden(grade: Grade) -> None:
    _needs_namespaces()
    text = f"""
        import os
        found = []
        for path in [{str(catalogue.FOLDER)!r}, '/etc', '/tmp']:
            try:
                open(os.path.join(path, 'x'), 'w').close()
                found.append('wrote ' + path)
            except OSError:
                pass
        found += os.listdir({str(catalogue.FOLDER)!r})
        found += [one for one in os.listdir('/proc') if one.isdigit() and int(one) > 2]
        raise SystemExit(repr(found))
    """
    results = grade(text, only=["port"])
    assert results["port"].output == "[]", results["port"]


def test_there_is_no_network_but_loopback(grade: Grade) -> None:
    _needs_namespaces()
    text = """
        import socket
        raise SystemExit(repr(sorted(name for _, name in socket.if_nameindex())))
    """
    results = grade(text, only=["port"])
    names = results["port"].output
    assert "lo" in names
    assert not any(word in names for word in ("eth", "ens", "wlan")), names


def test_the_environment_has_no_secrets(
    grade: Grade, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("A_SECRET", "s3cret")
    results = grade("import os\nraise SystemExit(repr(dict(os.environ)))", only=["port"])
    assert "s3cret" not in results["port"].output
    assert f"'HOME': '{os.path.expanduser('~')}'" not in results["port"].output


def test_the_time_over_all_is_limited(grade: Grade) -> None:
    results = grade("import time\ntime.sleep(1000)", limit=2.0)
    assert "time limit" in results["run"].came


def test_one_that_never_starts_costs_its_time_once(grade: Grade) -> None:
    results = grade("import time\ntime.sleep(1000)", start_limit=1.0)
    assert [result.status for result in results.values()] == [
        Status.FAILED, *[Status.NOT_REACHED] * 5
    ]  # fmt: skip


def _needs_namespaces() -> None:
    """Skip where the system has none for us: asked in a child, which it cuts off."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        missing = isolate([sys.executable]).missing
        os.write(write, (missing or "-").encode())
        os._exit(0)
    os.waitpid(child, 0)
    missing = os.read(read, 1000).decode()
    os.close(read)
    os.close(write)
    if missing != "-":
        pytest.skip(missing)

"""The load for tests: it makes the machine busy, passes the status on, and always ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.host.busy import load, main
from tests.host.interruptions import MARKER, end_survivors, running, survivors

TREE = Path(__file__).parents[2]
LIMIT = 120.0  # seconds; it takes one where the machine is idle
FOREVER = "import time; print('on', flush=True); time.sleep(600)"


@pytest.fixture
def marker() -> Iterator[str]:
    value = f"busy-{os.getpid()}-{time.monotonic_ns()}"
    yield value
    end_survivors(value)


def start(marker: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.host.busy", *arguments],
        cwd=TREE,
        env={**os.environ, MARKER: marker},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.02)


def test_the_processes_compute() -> None:
    with load(2, 60.0) as burning:
        until(lambda: all(_cpu_seconds(process.pid) > 0.2 for process in burning))
        assert [process.poll() for process in burning] == [None, None]
    assert [process.returncode for process in burning] == [-signal.SIGKILL] * 2


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) / os.sysconf("SC_CLK_TCK")


def test_the_status_is_the_commands() -> None:
    exits = [sys.executable, "-c", "import sys; sys.exit(int(sys.argv[1]))"]
    assert main(["1", "--", *exits, "5"]) == 5
    assert main(["0", "--", *exits, "0"]) == 0
    assert main(["0", "--", "/no/such/program"]) == 127
    assert main(["0", "--", "sh", "-c", "kill -KILL $$"]) == 128 + signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_load_and_the_command(marker: str, number: signal.Signals) -> None:
    with start(marker, "2", "--", sys.executable, "-c", FOREVER) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"on\n"
        child.send_signal(number)
        assert child.wait(LIMIT) == 128 + number
    assert survivors(marker) == []


def test_the_load_ends_with_a_parent_that_was_killed(marker: str) -> None:
    with start(marker, "2", "--seconds", "600") as child:
        until(lambda: len(running(marker)) == 3)
        child.kill()
    assert survivors(marker) == []


def test_the_load_ends_with_its_time() -> None:
    with load(1, 0.3) as (process,):
        assert process.wait(LIMIT) == 0

"""Programs that we run: whatever ends the wait ends them, with all that they started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from portable_harness.base import children
from portable_harness.base.tasks import ending_by_signals, run_all
from tests.host.interruptions import MARKER, end_survivors, survivors

LIMIT = 120.0  # seconds
FOREVER = ["sh", "-c", "sleep 600 & echo on; wait"]  # with a child of its own


@pytest.fixture
def marker(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """What all that the test starts has in its environment; nothing of it is left by the test."""
    value = f"children-{os.getpid()}-{time.monotonic_ns()}"
    with monkeypatch.context() as patched:
        patched.setenv(MARKER, value)
        yield value
    end_survivors(value)


def test_what_it_prints_and_its_status_come_back() -> None:
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    done = children.run([sys.executable, "-c", code], LIMIT)
    assert (done.returncode, done.stdout, done.stderr) == (3, "out\n", "err\n")
    merged = children.run([sys.executable, "-c", code], LIMIT, merged=True)
    assert sorted(merged.stdout.split()) == ["err", "out"]


def test_the_time_limit_ends_it_and_its_children(marker: str) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        children.run(FOREVER, 0.5)
    assert survivors(marker) == []


def test_what_it_leaves_running_is_ended(marker: str) -> None:
    done = children.run(["sh", "-c", "sleep 600 >/dev/null 2>&1 & echo gone"], LIMIT)
    assert done.stdout == "gone\n"
    assert survivors(marker) == []


def test_an_interruption_while_it_starts_asks_it_to_end(
    marker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The signal comes when it runs already and its number is not yet known."""
    asked: list[int] = []
    start = children._start

    def slow(*arguments: Any) -> subprocess.Popen[str]:
        child = start(*arguments)
        os.kill(os.getpid(), signal.SIGINT)
        return child

    monkeypatch.setattr(children, "_start", slow)
    with (
        ending_by_signals(),
        pytest.raises(KeyboardInterrupt),
        children.started(FOREVER, lambda child: asked.append(child.pid)),
    ):
        pytest.fail("the body is not reached")
    assert len(asked) == 1
    assert survivors(marker) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_programs_of_all_tasks(marker: str, number: signal.Signals) -> None:
    """One runs when it comes; the other starts after it."""
    running = threading.Event()

    def first(stop: threading.Event) -> str:
        with children.started(FOREVER, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "on\n"
            running.set()
            return f"{child.wait(LIMIT)}"

    def interrupting(stop: threading.Event) -> str:
        assert running.wait(LIMIT)
        os.kill(os.getpid(), number)
        assert stop.wait(LIMIT)
        try:
            children.run(FOREVER, LIMIT)
        except children.Stopped as stopped:
            return stopped.message
        return "it went on"

    ended, interrupted = run_all([first, interrupting], 2)
    assert ended == [f"-{signal.SIGKILL}", "interrupted"]
    assert interrupted
    assert survivors(marker) == []
    assert children.run(["sh", "-c", "sleep 0.2; echo again"], LIMIT).stdout == "again\n"


STARTING = """
import os, signal, subprocess
from portable_harness.base import children
from portable_harness.base.tasks import ending_by_signals

class Interrupting(subprocess.Popen):
    def __init__(self, *arguments, **named):
        super().__init__(*arguments, **named)
        os.kill(os.getpid(), signal.SIGTERM)

subprocess.Popen = Interrupting
try:
    with ending_by_signals():
        children.run(["sleep", "600"], 600)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_a_signal_while_a_program_starts_loses_it_not(marker: str) -> None:
    """It comes when the program runs already, and Popen has not yet returned."""
    done = subprocess.run(
        [sys.executable, "-c", STARTING], capture_output=True, text=True, timeout=LIMIT
    )
    assert done.stdout == "interrupted\n", done.stderr
    assert survivors(marker) == []


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    """By nohup, or by a shell that starts us in the background."""
    code = (
        "import os, signal\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from portable_harness.base.tasks import ending_by_signals\n"
        "with ending_by_signals():\n"
        "    os.kill(os.getpid(), signal.SIGHUP)\n"
        "print('goes on')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout == "goes on\n", done.stderr

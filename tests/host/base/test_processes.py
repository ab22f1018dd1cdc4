"""Programs on a guest end with all that they started; what their end means in words."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil

from portable_harness.base.processes import GuestProcess, describe


def test_describe() -> None:
    assert describe(-signal.SIGSEGV) == "the process was killed by SIGSEGV"
    assert describe(3) == "the process ended by itself with status 3"


HIDES = """
import subprocess, sys
hidden = [sys.executable, "-c", "import time; time.sleep(300)"]
child = subprocess.Popen(hidden, start_new_session=True)
print(child.pid, flush=True)
"""


def process_of(command: list[str]) -> tuple[GuestProcess, psutil.Process]:
    """A program on this Python, and the process that it printed the number of."""
    started = GuestProcess(command, os.environ, Path.cwd(), stderr=subprocess.DEVNULL)
    assert started.stdout is not None
    with started.stdout as output:
        return started, psutil.Process(int(output.readline()))


def test_what_has_left_the_session_is_ended_too() -> None:
    started, hidden = process_of([sys.executable, "-c", HIDES])
    assert hidden.is_running()
    started.end()
    hidden.wait(30)
    assert started.returncode is not None


def test_a_program_that_starts_marked_ones_is_ended_with_all_of_them() -> None:
    """The mark of the inner one does not replace that of the outer."""
    inner = (
        "import os, pathlib, sys\n"
        "from portable_harness.base.processes import GuestProcess\n"
        f"GuestProcess([sys.executable, '-c', {HIDES!r}], dict(os.environ), pathlib.Path.cwd(),"
        " sys.stdout.buffer)\n"
    )
    started, hidden = process_of([sys.executable, "-c", inner])
    started.end()
    hidden.wait(30)

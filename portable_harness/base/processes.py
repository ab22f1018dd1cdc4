"""How a process with everything that it started is ended, and what its exit status means."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from typing import Any

import psutil

GRACE = 3.0  # seconds for stacks to be printed, and for a finished run to end by itself
STACKS = {"PYTHONFAULTHANDLER": "1"}  # variables of a Python that is to heed print_stacks


def print_stacks(child: subprocess.Popen[Any]) -> None:
    """Have a child that hangs write the stacks of all its threads to its standard error.

    SIGQUIT makes a JVM write them. SIGABRT makes CPython 3 and PyPy 3 do so, and ends them; a 2.7
    just ends. Waits until it has ended or GRACE seconds are over.
    """
    with contextlib.suppress(psutil.Error, ProcessLookupError):
        is_java = os.path.basename(psutil.Process(child.pid).exe()) == "java"
        child.send_signal(signal.SIGQUIT if is_java else signal.SIGABRT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(GRACE)


def end_all(leader: subprocess.Popen[bytes], variable: str, value: str) -> None:
    """End a session, then what left its group: it still has our variable in its environment."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader.pid, signal.SIGKILL)
    leader.wait()
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(variable) == value:
                process.kill()


def describe(status: int) -> str:
    """A process's end in words; ``status`` as :mod:`subprocess` has it (negative: a signal)."""
    if status >= 0:
        return f"the process ended by itself with status {status}"
    try:
        return f"the process was killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"the process was killed by signal {-status}"

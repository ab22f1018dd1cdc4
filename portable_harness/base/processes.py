"""Our own programs on a guest: how one is started, asked for its stacks and ended, and in words.

What a program leaves behind must not outlive it. It gets a session of its own, which is killed as a
whole. What has left that session is found by a mark in its environment, which it inherited; the
marks of programs that start others are a list, so that each level finds all below it.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import psutil

GRACE = 3.0  # seconds for stacks to be printed, and for a finished run to end by itself
MARK = "PORTABLE_GUEST"
STACKS = {"PYTHONFAULTHANDLER": "1"}  # variables of a Python that is to heed print_stacks

_serials = itertools.count(1)


class GuestProcess(subprocess.Popen[bytes]):
    """A program on a guest; call `end` at the end, whatever happens."""

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: Path,
        stdout: int | IO[bytes] = subprocess.PIPE,
        stderr: int = subprocess.PIPE,
    ) -> None:
        self._mark = f"{os.getpid()}-{next(_serials)}"
        marks = [*_marks(environment), self._mark]
        super().__init__(
            command, cwd=folder, env={**environment, MARK: " ".join(marks)},
            stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, start_new_session=True,
        )  # fmt: skip

    def status_within(self, seconds: float) -> int | None:
        """The exit status, or None when it has none within this time."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.wait(seconds)
        return None

    def end(self) -> None:
        """It ends with all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.wait()
        for process in marked(MARK, self._mark):
            with contextlib.suppress(psutil.Error):
                process.kill()


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


def marked(variable: str, mark: str) -> Iterator[psutil.Process]:
    """All processes that have the mark in this variable of their environment."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if mark in process.environ().get(variable, "").split():
                yield process


def _marks(environment: Mapping[str, str]) -> list[str]:
    return environment.get(MARK, "").split()


def describe(status: int) -> str:
    """A process's end in words; ``status`` as :mod:`subprocess` has it (negative: a signal)."""
    if status >= 0:
        return f"the process ended by itself with status {status}"
    try:
        return f"the process was killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"the process was killed by signal {-status}"

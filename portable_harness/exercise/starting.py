"""Why a program that was started does not listen: it waits, it computes without end, or it ended.

A busy machine makes a program slow and must not make it wrong. So seconds count only while the
program's threads all sleep, or as processor time that it has used; on an idle machine an endless
loop, or a wait for input, is found in that time.
"""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

import psutil

from portable_harness.check.processes import all_asleep

START_LIMIT = 60.0  # seconds at most
ASLEEP_LIMIT = 6.0  # seconds for which all threads sleep
LOOKS = 12  # at least, in that time: on a busy machine each takes longer
PROCESSOR_LIMIT = 15.0  # seconds of processor time; Jython needs a third of it on a slow machine
READ_OF_INPUT = (("0", "0x0"), ("63", "0x0"))  # system call read, of x86-64 and arm64; descriptor 0


def patient(seconds: float) -> float:
    """More seconds on a busy machine: as many times more as it has too much to do."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


class Watch:
    """Looks at a program that does not listen yet; `look` says why it never will."""

    def __init__(self, process: psutil.Process | None) -> None:
        self._process = process
        self._began = self._awake = time.monotonic()
        self._looks = 0

    def look(self) -> str:
        """What it does instead of listening; empty while it may still be starting."""
        now = time.monotonic()
        process = self._process
        if process is None:
            return ""
        if all_asleep(process):
            self._looks += 1
        else:
            self._awake, self._looks = now, 0
        if self._looks >= LOOKS and now - self._awake >= ASLEEP_LIMIT:
            return "it waits for input" if _reads_input(process) else "it waits for something"
        if _processor_time(process) >= PROCESSOR_LIMIT:
            return f"it has computed for {PROCESSOR_LIMIT:g} s"
        over = now - self._began >= START_LIMIT
        return f"it still runs after {START_LIMIT:g} s" if over else ""


def _processor_time(process: psutil.Process) -> float:
    """Of the program and what it started, in seconds."""
    used = 0.0
    with contextlib.suppress(psutil.Error):
        for one in [process, *process.children(recursive=True)]:
            times = one.cpu_times()
            used += times.user + times.system
    return used


def _reads_input(process: psutil.Process) -> bool:
    """Whether a thread is in a read of standard input."""
    with contextlib.suppress(OSError):
        for call in Path(f"/proc/{process.pid}/task").glob("*/syscall"):
            words = call.read_text(errors="replace").split()
            if tuple(words[:2]) in READ_OF_INPUT:
                return True
    return False

"""One test process on a guest: started, watched, and ended with everything that it started.

Two clocks run meanwhile. One is for the guest as a whole, if it has a limit; the other starts again
whenever the record grows, so it measures how long one step (a test, or the collection) has been in
progress. The suite's own watchdog is to fire long before; these are for what it cannot see, such as
an interpreter that hangs with its locks held, and for projects that have no watchdog.

The limit of a step is meant for an idle machine. It is multiplied by the pace that the guest
measured when it started, and before a step counts as hung, by that of now.

A process that is out of time is asked for its stacks first: SIGQUIT makes a JVM print them and
SIGABRT makes CPython's faulthandler (switched on by pytest 5 and later) do so. Then its whole
process group is killed, because a suite about servers has children.
"""

from __future__ import annotations

import enum
import math
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from portable_harness.base.processes import GuestProcess, describe, print_stacks
from portable_harness.matrix import pace
from portable_harness.matrix.guests import Guest
from portable_harness.matrix.record import Transcript

STEP = 0.1  # seconds between two looks at the record
START_LIMIT = 60.0  # seconds until the tests are collected, at the least: Jython takes its time
EXIT_LIMIT = 30.0  # seconds that a process may take to end once its tests are over
WATCHDOG_STATUS = 99  # the suite's own watchdog ends a hang with it: tests/support/watchdog.py


class End(enum.Enum):
    FINISHED = "finished"
    CRASHED = "crashed"
    HUNG = "hung"
    OUT_OF_TIME = "out of time"
    STOPPED = "stopped"
    NO_EXIT = "did not end"


@dataclass(frozen=True)
class Limits:
    """Seconds: for one guest with all its processes (None: no limit), and for one step of it."""

    guest: float | None = None
    step: float = 300.0

    def deadline(self) -> float:
        """When a guest that starts now has to have ended, in ``time.monotonic()``."""
        return math.inf if self.guest is None else time.monotonic() + self.guest


@dataclass(frozen=True)
class Ended:
    how: End
    sentence: str


@dataclass(frozen=True)
class Watch:
    """What a process is watched by; ``deadline`` is the guest's, in ``time.monotonic()``."""

    limits: Limits
    deadline: float
    stop: threading.Event
    update: Callable[[Transcript], None]

    def must_end(self, transcript: Transcript, last_update: float) -> Ended | None:
        """Why the process must be ended now, if it must."""
        now, finished = time.monotonic(), transcript.finished is not None
        if self.stop.is_set():
            return Ended(End.STOPPED, "interrupted")
        if finished and now - last_update > EXIT_LIMIT:
            return Ended(End.NO_EXIT, f"still running {EXIT_LIMIT:g} s after its last test")
        if now > self.deadline:
            limit = self.limits.guest
            return Ended(End.OUT_OF_TIME, f"the time limit of {limit:g} s (--time-limit) was over")
        if self._is_hung(transcript, now - last_update):
            return Ended(End.HUNG, f"no progress for {now - last_update:.0f} s")
        return None

    def _is_hung(self, transcript: Transcript, quiet: float) -> bool:
        """Whether this many seconds without an update are too many; the pace may have changed."""
        limit = self.limits.step
        if not transcript.collected:
            limit = max(limit, START_LIMIT)
        if quiet <= limit * transcript.pace:
            return False
        transcript.pace = max(transcript.pace, pace.measure())
        return quiet > limit * transcript.pace


class TestProcess:
    """``pytest`` on ``guest``; :meth:`watch` feeds its record to ``transcript`` until it ends."""

    __test__ = False  # not a test class, whatever pytest makes of its name

    def __init__(self, guest: Guest, arguments: list[str], project: Path, folder: Path) -> None:
        self._record = folder / "record.jsonl"
        self._record.touch()
        self.output = folder / "output.txt"
        with self.output.open("wb") as output:
            self._child = GuestProcess(
                [*guest.argv, *arguments], guest.variables(project, self._record), project,
                output, subprocess.STDOUT,
            )  # fmt: skip

    def watch(self, transcript: Transcript, watch: Watch) -> Ended:
        """Read the record until the process has ended, or must; nothing of it runs afterwards."""
        try:
            with self._record.open("rb") as record:
                ended = self._follow(record, transcript, watch)
                transcript.feed(record.read())
                return ended
        finally:
            self._child.end()

    def _follow(self, record: BinaryIO, transcript: Transcript, watch: Watch) -> Ended:
        last_update = time.monotonic()
        while True:
            status = self._child.status_within(STEP)
            data = record.read()  # after the wait: a process that has ended writes no more
            if data:
                transcript.feed(data)
                watch.update(transcript)
                last_update = time.monotonic()
            if status is not None:
                return _verdict(status, transcript.finished)
            ended = watch.must_end(transcript, last_update)
            if ended:
                if ended.how is not End.STOPPED:
                    print_stacks(self._child)
                return ended


def _verdict(status: int, finished: int | None) -> Ended:
    if finished is not None and status == finished:
        return Ended(End.FINISHED, f"pytest ended with {status}")
    when = "" if finished is None else " after its last test"
    if status == WATCHDOG_STATUS:
        return Ended(End.HUNG, f"ended by the suite's own watchdog{when}")
    return Ended(End.CRASHED, describe(status) + when)

"""One child: the portable litmus program on an interpreter, read by line, and ended as a whole.

The child finds hangs itself and reports them with the stacks of its threads. It cannot where the
interpreter is stuck as a whole, so its silence is limited too: then it is asked for stacks from
outside (SIGQUIT makes a JVM print them, SIGABRT makes CPython's and PyPy's faulthandler do so)
and ended, with everything that it started.
"""

from __future__ import annotations

import contextlib
import enum
import queue
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from typing import IO, Any

from portable_harness.base.guests import guest_variables
from portable_harness.base.processes import GRACE, STACKS, GuestProcess, describe, print_stacks
from portable_harness.base.reading import decoded
from portable_harness.base.text import clean
from portable_harness.base.tree import guest_tree
from portable_harness.litmus.plan import Plan

KEPT_LINES = 400  # of what a child says besides its events: tracebacks, stacks, a JVM's dump
LOOK = 0.2  # seconds between two looks whether the run was interrupted
LAST_EVENTS = {"end", "hang", "interrupted"}

Event = dict[str, Any]


class End(enum.Enum):
    """How a child came to its end."""

    FINISHED = "finished"
    HUNG = "hung"  # it said so itself
    CRASHED = "crashed"
    SILENT = "silent"  # and was ended
    STOPPED = "stopped"  # interrupted: by us


class Child:
    """A child and what it says; use :meth:`events`, then ``end``, ``sentence`` and ``said``."""

    def __init__(self, command: Sequence[str], plan: Plan, arguments: Sequence[str]) -> None:
        self.end = End.STOPPED
        self.sentence = "interrupted"
        self._plan = plan
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._others: deque[str] = deque(maxlen=KEPT_LINES)
        environment = {**STACKS, "PYTHONUNBUFFERED": "1"}
        self._process = GuestProcess(
            [*command, *arguments],
            guest_variables([str(guest_tree()), *plan.folders], environment),
            guest_tree(),
        )
        streams = (self._process.stdout, self._process.stderr)
        self._readers = [self._reading(stream) for stream in streams if stream is not None]

    @property
    def said(self) -> str:
        """The last that it printed besides its events."""
        return clean("".join(self._others)).strip()

    def events(self, stop: threading.Event) -> Iterator[Event]:
        """Each event as it comes, until the child has ended or must; nothing of it runs then."""
        try:
            yield from self._follow(stop)
        finally:
            self._process.end()
            for reader in self._readers:
                reader.join(GRACE)
            for stream in (self._process.stdout, self._process.stderr):
                with contextlib.suppress(OSError, ValueError):
                    stream.close()  # type: ignore[union-attr]

    def _follow(self, stop: threading.Event) -> Iterator[Event]:
        limit, last_event, last = self._plan.start_limit, time.monotonic(), ""
        while True:
            line = self._next_line()
            if line is None:
                self._book_end(last)
                return
            event = _parsed(line)
            if event is not None:
                limit, last_event, last = self._plan.silence, time.monotonic(), event["event"]
                yield event
            elif line:
                self._others.append(line)
            if stop.is_set():
                return
            if time.monotonic() - last_event > limit:
                self._give_up(limit)
                return

    def _next_line(self) -> str | None:
        """A line, "" where none came for a moment, or None after the last.

        There is also none left when the child has ended and what it started holds its output.
        """
        with contextlib.suppress(queue.Empty):
            return self._lines.get(timeout=LOOK)
        return None if self._process.poll() is not None and self._lines.empty() else ""

    def _book_end(self, last: str) -> None:
        """Its output has ended: the process has, or will in a moment."""
        status = self._process.status_within(GRACE)
        if status is None:
            self.end, self.sentence = End.SILENT, "it closed its output and did not end"
            return
        if last in LAST_EVENTS and status >= 0:  # a crash on the way out is one
            self.end = End.HUNG if last == "hang" else End.FINISHED
            self.sentence = f"ended with {status}"
        else:
            self.end, self.sentence = End.CRASHED, describe(status)

    def _give_up(self, limit: float) -> None:
        self.end, self.sentence = End.SILENT, f"it said nothing for {limit:g} s and was ended"
        print_stacks(self._process)

    def _reading(self, stream: IO[bytes]) -> threading.Thread:
        reader = threading.Thread(target=self._read, args=(stream,), daemon=True)
        reader.start()
        return reader

    def _read(self, stream: IO[bytes]) -> None:
        """Runs in a thread: events go into the queue, all other lines are kept."""
        is_stdout = stream is self._process.stdout
        with contextlib.suppress(OSError, ValueError):
            for raw in stream:
                line = raw.decode("utf-8", "replace")
                if is_stdout:
                    self._lines.put(line)
                else:
                    self._others.append(line)
        if is_stdout:
            self._lines.put(None)


def _parsed(line: str) -> Event | None:
    if line.startswith("{"):
        with contextlib.suppress(ValueError):
            event = decoded(line)
            if isinstance(event, dict) and "event" in event:
                return event
    return None

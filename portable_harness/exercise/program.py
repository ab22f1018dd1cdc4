"""The student's program: started, waited for, looked at, ended with all that it started."""

from __future__ import annotations

import contextlib
import io
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import psutil

from portable_harness.check.model import Broken
from portable_harness.check.server import Server, family_of
from portable_harness.exercise import starting
from portable_harness.exercise.catalogue import Limits
from portable_harness.exercise.model import NOT_STARTED, Failed
from portable_harness.exercise.sandbox import Child, Guard
from portable_harness.exercise.starting import Watch

READY = re.compile(r"^listening on (\S+):(\d+)\s*$")
KEPT = 4_000  # characters of output that a failure shows
LOOK = 0.25  # seconds between two looks at a program that does not listen yet
# What a program says that a limit of the kernel refused something, and that limit in words.
REFUSED = {
    re.compile("Too many open files"): "opened more than {descriptors} descriptors",
    re.compile("File too large|File size limit exceeded"): "wrote a file beyond {file_mib} MiB",
    re.compile("No space left on device|Disk quota exceeded"):
        "wrote more than {files_mib} MiB of files",
    re.compile("can't (start|spawn) new thread|unable to create (new )?native thread"):
        "started more than {threads} threads",
    re.compile(r"fork.*\n(.*\n){0,2}.*Resource temporarily unavailable"):
        "started more than {processes} processes",
}  # fmt: skip


class Output:
    """What comes on one stream: lines as they come, and a bounded rest."""

    def __init__(self, stream: IO[bytes] | None, limit: int) -> None:
        self._limit = limit
        self.size = 0  # of all that came, kept or not
        self._data = bytearray()
        self._changed = threading.Condition()
        self.is_over = False
        self._reader = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._reader.start()

    def _read(self, stream: IO[bytes] | None) -> None:
        with contextlib.suppress(OSError, ValueError), stream or io.BytesIO():
            if stream is None:  # somebody else reads it
                return
            while data := os.read(stream.fileno(), 65_536):
                self.size += len(data)
                with self._changed:
                    room = self._limit - len(self._data)
                    self._data += data[: max(0, room)]
                    self._changed.notify_all()
        with self._changed:
            self.is_over = True
            self._changed.notify_all()

    @property
    def text(self) -> str:
        """What came so far."""
        with self._changed:
            return self._data.decode("utf-8", "replace")

    def wait_for(self, pattern: re.Pattern[str], seconds: float) -> re.Match[str] | None:
        """The first whole line that matches, or None when the output is over or time is up."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while True:
                text = self._data.decode("utf-8", "replace")
                for line in text.splitlines(keepends=True):
                    if line.endswith("\n") and (found := pattern.match(line)):
                        return found
                left = deadline - time.monotonic()
                if self.is_over or left <= 0:
                    return None
                self._changed.wait(left)

    def finish(self, seconds: float) -> None:
        """Wait a moment for what is still in the pipe."""
        self._reader.join(seconds)


class Program(Server):
    """A run of the student's program, in its sandbox.

    :param command: the interpreter and what comes before the program's own arguments
    :param folder: where it works; it is ended when there are too large files
    :param uid: the user that it shall be, see `sandbox.own_user`
    :param keeps: descriptors that it inherits
    """

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str],
        limits: Limits, uid: int | None, keeps: Sequence[int] = (),
    ) -> None:  # fmt: skip
        super().__init__(("127.0.0.1", 0))
        self.command = list(command)  # of the next start
        self._folder, self._environment = folder, environment
        self._limits, self._uid, self._keeps = limits, uid, keeps
        self._child: Child | None = None
        self._guard: Guard | None = None
        self._network: list[int] = []  # of an earlier start
        self._arguments: tuple[str, ...] = ("0",)

    def arguments(self, *arguments: str) -> None:
        """What it is started with, instead of the port 0."""
        self._arguments = arguments

    def start(self) -> None:
        """Start it unless it runs, and wait until it says that it listens.

        :raises Failed: when it does not
        """
        if self._child is not None:
            return
        self.begin()
        found, why = self._wait_until_ready()
        if found is None:
            due = "a line `listening on HOST:PORT` on stdout"
            raise Failed(NOT_STARTED, why or self._why_it_ended(), due)
        self.address = (found[1].strip("[]"), int(found[2]))

    def forget(self) -> None:
        """End it, and let `start` start it again, in the same network."""
        if self._child is not None:
            self._network = self._network or self._child.namespaces()
            self.stop()
            self._child = None

    def begin(self) -> None:
        """Start it without waiting."""
        words = [*self.command, *self._arguments]
        child = Child(
            words, self._folder, self._environment, self._limits, self._uid, self._network,
            self._keeps,
        )  # fmt: skip
        try:
            self._look_after(child)
        except BaseException:  # Ctrl-C may come at any moment
            child.end()
            raise
        self._child = child

    def _look_after(self, child: Child) -> None:
        limits = self._limits
        assert child.supervisor.stderr is not None
        stdout = self.stdout = Output(child.supervisor.stdout, limits.output_kib * 1024)
        stderr = self.stderr = Output(child.supervisor.stderr, limits.output_kib * 1024)
        self._guard = Guard(
            child, self._folder, limits, limits.seconds + starting.START_LIMIT,
            lambda: max(stdout.size, stderr.size),
        )  # fmt: skip

    def _wait_until_ready(self) -> tuple[re.Match[str] | None, str]:
        """The line that says where it listens; or why there is none, while it still runs."""
        watch = Watch(self.process)
        while True:
            found = self.stdout.wait_for(READY, LOOK)
            if found or self.stdout.is_over or self.wait(0) is not None:
                return found or self.stdout.wait_for(READY, 0), ""
            if why := watch.look():
                said = self.stdout.text.strip()[-200:]
                said = f"printed only {said!r}" if said else "has not printed that it listens"
                return None, f"{why}, and {said}"

    def _why_it_ended(self) -> str:
        status = self.wait(1.0)
        if status is None:
            return "it has closed its standard output"
        self.stdout.finish(2.0)
        self.stderr.finish(2.0)
        said = (self.stderr.text.strip().splitlines() or ["it printed no error"])[-1]
        return f"the program ended with status {status}: {said}"

    @property
    def verdict(self) -> str:
        """Beyond which limit it was ended, in words that follow "it"; empty when it was not."""
        return self._guard.verdict if self._guard is not None else ""

    @property
    def refused(self) -> str:
        """Which limit the kernel kept, as the program's own last words have it."""
        said = self.stderr.text
        for pattern, words in REFUSED.items():
            if pattern.search(said):
                return words.format(**vars(self._limits), files_mib=self._limits.files_mib)
        return ""

    @property
    def lacks(self) -> tuple[str, ...]:
        """Which limits this system could not set."""
        return tuple(self._child.lacks) if self._child is not None else ()

    @property
    def has_begun(self) -> bool:
        """Whether it has been started."""
        return self._child is not None

    def wait(self, seconds: float) -> int | None:
        """Its exit status, or None when it still runs after so many seconds."""
        assert self._child is not None
        return self._child.wait(seconds)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        process = self.process
        if process is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    @property
    def process(self) -> psutil.Process | None:
        """The process while it runs."""
        return self._child.process if self._child is not None else None

    def socket(self) -> socket.socket:
        """A new socket in the program's network. :raises Broken: when it has been ended"""
        assert self._child is not None
        with contextlib.suppress(ConnectionRefusedError):
            return self._child.socket(family_of(self.address))
        raise Broken("a connection request", "the program was ended", "an accepted connection")

    @property
    def output(self) -> str:
        """The last that it printed, stdout and then stderr."""
        if self._child is None:
            return ""
        parts = [self.stdout.text[-KEPT:], self.stderr.text[-KEPT:]]
        return "\n".join(part.strip() for part in parts if part.strip())

    def stop(self) -> None:
        """End it and everything that it started."""
        if self._child is None:
            return
        assert self._guard is not None
        self._guard.stop()
        self._child.end()
        self.stdout.finish(2.0)
        self.stderr.finish(2.0)

    def close(self) -> None:
        """`stop`, and let go of its network: it cannot be started again."""
        self.stop()
        while self._network:
            os.close(self._network.pop())

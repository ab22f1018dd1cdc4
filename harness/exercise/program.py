"""The student's program: started, waited for, looked at, ended with all that it started."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import psutil

from harness.check.server import Server
from harness.exercise.catalogue import Limits
from harness.exercise.isolation import Isolation
from harness.exercise.model import Failed
from harness.exercise.sandbox import Guard, confined, tree

READY = re.compile(r"^listening on (\S+):(\d+)\s*$")
KEPT = 4_000  # characters of output that a failure shows
NOT_IN_TIME = "no such line in time"


class Output:
    """What comes on one stream: lines as they come, and a bounded rest."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._limit = limit
        self._data = bytearray()
        self._changed = threading.Condition()
        self.is_over = False
        self._reader = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._reader.start()

    def _read(self, stream: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError), stream:
            while data := os.read(stream.fileno(), 65_536):
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
    :param folder: where it works, the only place where it may write
    """

    def __init__(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str],
        limits: Limits, isolation: Isolation, start_limit: float = 60.0,
    ) -> None:  # fmt: skip
        super().__init__(("127.0.0.1", 0))
        self._command, self._folder, self._environment = list(command), folder, environment
        self._limits, self._isolation = limits, isolation
        self._start_limit = start_limit
        self._popen: subprocess.Popen[bytes] | None = None
        self._guard: Guard | None = None
        self._arguments: tuple[str, ...] = ("0",)

    def arguments(self, *arguments: str) -> None:
        """What it is started with, instead of the port 0."""
        self._arguments = arguments

    def start(self) -> None:
        """Start it unless it runs, and wait until it says that it listens.

        :raises Failed: when it does not
        """
        if self._popen is not None:
            return
        self.begin()
        found = self.stdout.wait_for(READY, self._start_limit)
        if found is None:
            raise Failed(
                "nothing yet", self._why_not_ready(), "a line `listening on HOST:PORT` on stdout"
            )
        self.address = (found[1].strip("[]"), int(found[2]))

    def forget(self) -> None:
        """Let `start` start it again, after a `stop`."""
        self._popen = None

    def begin(self) -> None:
        """Start it without waiting."""
        limits = self._limits
        words = [*self._command, *self._arguments]
        self._popen = subprocess.Popen(
            confined(words, self._folder, self._isolation, limits),
            cwd=self._folder, env=dict(self._environment), start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        pid, seconds = self._popen.pid, limits.seconds + self._start_limit
        self._guard = Guard(pid, self._folder, limits, seconds, self._kill)
        assert self._popen.stdout is not None
        assert self._popen.stderr is not None
        self.stdout = Output(self._popen.stdout, limits.output_kib * 1024)
        self.stderr = Output(self._popen.stderr, limits.output_kib * 1024)

    def _why_not_ready(self) -> str:
        assert self._popen is not None
        status = self.wait(1.0)
        if status is None:
            said = self.stdout.text.strip()[-200:]
            return f"{NOT_IN_TIME} ({self._start_limit:g} s), but {said!r}"
        self.stderr.finish(2.0)
        if self.verdict:
            return f"the program was ended: it used {self.verdict}"
        said = (self.stderr.text.strip().splitlines() or ["it printed nothing"])[-1]
        return f"the program ended with status {status}: {said}"

    @property
    def verdict(self) -> str:
        """Which limit it broke; empty when none."""
        return self._guard.verdict if self._guard is not None else ""

    def wait(self, seconds: float) -> int | None:
        """Its exit status, or None when it still runs after so many seconds."""
        assert self._popen is not None
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self._popen.wait(seconds)
        return None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the program."""
        process = self.process
        if process is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    @property
    def process(self) -> psutil.Process | None:
        """The program's own process while it runs: behind confine.py and its init."""
        if self._popen is None or self._popen.poll() is not None:
            return None
        with contextlib.suppress(psutil.NoSuchProcess, IndexError):
            process = psutil.Process(self._popen.pid)
            if not self._isolation.processes:
                return process
            return process.children()[0].children()[0]
        return None

    @property
    def output(self) -> str:
        """The last that it printed, stdout and then stderr."""
        if self._popen is None:
            return ""
        parts = [self.stdout.text[-KEPT:], self.stderr.text[-KEPT:]]
        return "\n".join(part.strip() for part in parts if part.strip())

    def stop(self) -> None:
        """End it and everything that it started."""
        if self._popen is None:
            return
        if self._guard is not None:
            self._guard.stop()
        self._kill()
        self._popen.wait()
        assert self._popen.stdin is not None
        with contextlib.suppress(OSError):
            self._popen.stdin.close()
        self.stdout.finish(2.0)
        self.stderr.finish(2.0)

    def _kill(self) -> None:
        """End all: with its init a process namespace goes at once, however fast it forks."""
        assert self._popen is not None
        for process in reversed(tree(self._popen.pid)[:2]):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._popen.pid, signal.SIGKILL)


def end_descendants() -> None:
    """End whatever a program left behind: a worker is the parent of orphans."""
    while left := psutil.Process().children(recursive=True):
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(left, 1.0)

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
from harness.exercise.model import NOT_STARTED, Failed

READY = re.compile(r"^listening on (\S+):(\d+)\s*$")
KEPT = 4_000  # characters of output that a failure shows
START_LIMIT = 60.0  # seconds: Jython on a busy machine


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
    """A run of the student's program.

    :param command: the interpreter and what comes before the program's own arguments
    """

    def __init__(
        self, command: Sequence[str], cwd: Path, environment: Mapping[str, str], output_kib: int
    ) -> None:
        super().__init__(("127.0.0.1", 0))
        self._command, self._cwd, self._environment = list(command), cwd, environment
        self._limit = output_kib * 1024
        self._popen: subprocess.Popen[bytes] | None = None
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
        found = self.stdout.wait_for(READY, START_LIMIT)
        if found is None:
            raise Failed(
                NOT_STARTED, self._why_not_ready(), "a line `listening on HOST:PORT` on stdout"
            )
        self.address = (found[1].strip("[]"), int(found[2]))

    def forget(self) -> None:
        """Let `start` start it again, after a `stop`."""
        self._popen = None

    def begin(self) -> None:
        """Start it without waiting."""
        self._popen = subprocess.Popen(
            [*self._command, *self._arguments], cwd=self._cwd, env=dict(self._environment),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True,
        )  # fmt: skip
        assert self._popen.stdout is not None
        assert self._popen.stderr is not None
        self.stdout = Output(self._popen.stdout, self._limit)
        self.stderr = Output(self._popen.stderr, self._limit)

    def _why_not_ready(self) -> str:
        assert self._popen is not None
        status = self.wait(1.0)
        if status is None:
            said = self.stdout.text.strip()
            return f"only {said[-200:]!r}" if said else f"nothing within {START_LIMIT:g} s"
        self.stderr.finish(2.0)
        said = (self.stderr.text.strip().splitlines() or ["it printed nothing"])[-1]
        return f"the program ended with status {status}: {said}"

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
        """The process while it runs."""
        if self._popen is None or self._popen.poll() is not None:
            return None
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self._popen.pid)
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
        children: list[psutil.Process] = []
        with contextlib.suppress(psutil.NoSuchProcess):
            children = psutil.Process(self._popen.pid).children(recursive=True)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._popen.pid, signal.SIGKILL)
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
        self._popen.wait()
        assert self._popen.stdin is not None
        with contextlib.suppress(OSError):
            self._popen.stdin.close()
        self.stdout.finish(2.0)
        self.stderr.finish(2.0)

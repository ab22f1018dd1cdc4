"""A server as a child process: start it, wait until it can accept, stop it.

Any command will do that prints ``listening on HOST:PORT`` once it can accept, and stops when its
standard input ends or on SIGTERM.
"""

from __future__ import annotations

import contextlib
import os
import queue
import re
import subprocess
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

import psutil

from portable_harness.base.processes import STACKS, print_stacks

STARVED = 0.02  # of a processor: a server that gets less does not compute, it waits
MOST_LIMITS = 5  # a server that computes for ever before it listens hangs, too
READY = re.compile(r"listening on (\S+):(\d+)")


class ServerError(Exception):
    """The server did not start or stop; the message has its last output, stacks among it."""


class ServerProcess:
    """Runs `command`; a context manager that is entered when the server can accept.

    `start_limit`: seconds until it must be ready, or else be computing still: a machine with
    much other work takes minutes to start Jython.
    """

    own_session = False  # or else it gets the signals that a terminal sends to us

    def __init__(
        self,
        command: Sequence[str],
        *,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        start_limit: float = 90.0,
    ) -> None:
        self.command = list(command)
        self.address = ("", 0)
        self._cwd, self._start_limit = cwd, start_limit
        self._env = {**(os.environ if env is None else env), **STACKS}
        self._ready: queue.SimpleQueue[tuple[str, int] | None] = queue.SimpleQueue()
        self._output: deque[str] = deque(maxlen=400)
        self._readers: list[threading.Thread] = []

    def __enter__(self) -> ServerProcess:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            self.command, cwd=self._cwd, env=self._env, text=True, errors="replace",
            stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=self.own_session,
        )  # fmt: skip
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            reader = threading.Thread(target=self._read, args=(stream,), daemon=True)
            reader.start()
            self._readers.append(reader)
        try:
            self.address = self._wait_until_ready()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.ask_to_stop()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                print_stacks(self.process)  # into `output`
        self.kill()

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def output(self) -> str:
        """The last lines that the server printed."""
        return "".join(self._output)

    def ask_to_stop(self) -> None:
        """Send SIGTERM, and end its standard input; returns at once.

        In this order: a server that its input has stopped already may handle signals no longer,
        and would be killed before its last words.
        """
        self.process.terminate()
        self.ask_to_stop_by_stdin()

    def ask_to_stop_by_stdin(self) -> None:
        """End its standard input only (the way for interpreters with weak signals)."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def wait(self, seconds: float) -> int:
        """The exit status; raises ServerError if it has none within `seconds`, and ends it then."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
        print_stacks(self.process)
        self.kill()
        what = f"still running {seconds:g} s after it was asked to stop; its last output:"
        raise ServerError(f"{what}\n{self.output}")

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        for reader in self._readers:
            reader.join(5)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None and not stream.closed:
                stream.close()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self._output.append(line)
            self._hear(line)
        if stream is self.process.stdout:
            self._ready.put(None)

    def _hear(self, line: str) -> None:
        if match := READY.search(line):
            self._ready.put((match[1].strip("[]"), int(match[2])))

    def _wait_until_ready(self) -> tuple[str, int]:
        address = self._first_address()
        if address is None:
            said = self.output.strip().splitlines()
            raise ServerError(f"{self.command[0]} did not start: {said[-1] if said else 'silent'}")
        return address

    def _first_address(self) -> tuple[str, int] | None:
        """None when its output has ended, or when it neither listens nor computes."""
        computed = 0.0
        for _ in range(MOST_LIMITS):
            with contextlib.suppress(queue.Empty):
                return self._ready.get(timeout=self._start_limit)
            before, computed = computed, self._computed()
            if computed - before < STARVED * self._start_limit:
                break
        return None

    def _computed(self) -> float:
        """Seconds of processor time so far; 0 once it has ended."""
        with contextlib.suppress(psutil.Error):
            times = psutil.Process(self.process.pid).cpu_times()
            return times.user + times.system
        return 0.0

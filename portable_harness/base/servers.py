"""A server as a child process: start it, wait until it can accept, stop it.

Any command will do that prints ``listening on HOST:PORT`` once it can accept, and stops when its
standard input ends or on SIGTERM.
"""

from __future__ import annotations

import contextlib
import queue
import re
import subprocess
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

READY = re.compile(r"listening on (\S+):(\d+)")


class ServerError(Exception):
    """The server did not start, or did not stop; the message has its last output."""


class ServerProcess:
    """Runs `command`; a context manager that is entered when the server can accept.

    `start_limit`: seconds until it must be ready (a busy machine starts Jython in ten or more).
    """

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
        self._cwd, self._env, self._start_limit = cwd, env, start_limit
        self._ready: queue.SimpleQueue[tuple[str, int] | None] = queue.SimpleQueue()
        self._output: deque[str] = deque(maxlen=40)
        self._readers: list[threading.Thread] = []

    def __enter__(self) -> ServerProcess:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            self.command, cwd=self._cwd, env=self._env, text=True, errors="replace",
            stdin=pipe, stdout=pipe, stderr=pipe,
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
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(15)
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
        """The exit status; raises ServerError if it has none within `seconds`."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise ServerError(f"still running {seconds:g} s after it was asked to stop") from None

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
            if match := READY.search(line):
                self._ready.put((match[1].strip("[]"), int(match[2])))
        if stream is self.process.stdout:
            self._ready.put(None)

    def _wait_until_ready(self) -> tuple[str, int]:
        try:
            address = self._ready.get(timeout=self._start_limit)
        except queue.Empty:
            address = None
        if address is None:
            said = self.output.strip().splitlines()
            raise ServerError(f"{self.command[0]} did not start: {said[-1] if said else 'silent'}")
        return address

"""The server under test: one that is running somewhere, or a command that we start.

A started one gets a free port in place of ``{port}``, is ready when it accepts a connection, and
is a session of its own, so that the whole tree of its processes can be ended whatever it does.
What it prints is drained and its last lines are kept for the report.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from harness.errors import Problem

PORT = "{port}"
KEPT_OUTPUT = 4_000  # characters
LOOK_EVERY = 0.02  # seconds between two looks whether it accepts


class Server:
    """A server at an address that somebody else runs."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address

    def start(self) -> None:
        """Nothing to start, but it must be there. :raises Problem: when nothing accepts."""
        if not _accepts(self.address, 5.0):
            host, port = self.address
            raise Problem(f"nothing accepts connections at {host}:{port}", "start the server first")

    def socket(self) -> socket.socket:
        """A new socket to connect to it with."""
        return socket.socket(family_of(self.address))

    def stop(self) -> None:
        """It is not ours to stop."""

    @property
    def process(self) -> psutil.Process | None:
        """The process, where it is ours."""
        return None

    @property
    def output(self) -> str:
        """The last that it printed."""
        return ""


class StartedServer(Server):
    """A server that is started for the checks, and ended with everything that it started.

    :param command: its words; ``{port}`` in them becomes a free port
    :param limit: seconds until it must accept
    """

    def __init__(
        self, command: Sequence[str], limit: float = 60.0, env: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(("127.0.0.1", 0))
        if not any(PORT in word for word in command):
            raise Problem("the command does not say where the port goes", f"write {PORT} there")
        self.command = list(command)
        self._limit, self._env = limit, env
        self._started: subprocess.Popen[bytes] | None = None
        self._children: list[psutil.Process] = []
        self._output = ""

    def start(self) -> None:
        """Start it, or go on with it where it still runs. :raises Problem: when it does not."""
        if self._started is not None and self._started.poll() is None:
            return
        self.stop()
        self.address = ("127.0.0.1", _free_port())
        words = [word.replace(PORT, str(self.address[1])) for word in self.command]
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  (closed by stop)
        try:
            self._started = subprocess.Popen(
                words, stdin=subprocess.PIPE, stdout=self._file, stderr=subprocess.STDOUT,
                start_new_session=True, env={**os.environ, **(self._env or {})},
            )  # fmt: skip
        except OSError as error:
            self._file.close()
            raise Problem(f"cannot start {words[0]}: {error.strerror}") from None
        self._wait_until_it_accepts()

    def _wait_until_it_accepts(self) -> None:
        assert self._started is not None
        deadline = time.monotonic() + self._limit
        while not _accepts(self.address, 1.0):
            status = self._started.poll()
            if status is not None or time.monotonic() > deadline:
                ended = f"ended with status {status}" if status is not None else "does not accept"
                self.stop()
                last = (self._output.strip().splitlines() or ["it printed nothing"])[-1]
                raise Problem(f"the server {ended}: {last}")
            time.sleep(LOOK_EVERY)

    @property
    def process(self) -> psutil.Process | None:
        """The process while it runs."""
        if self._started is None or self._started.poll() is not None:
            return None
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self._started.pid)
        return None

    def ask_to_stop(self) -> subprocess.Popen[bytes]:
        """Send SIGTERM, which every server should honour; gives the process to wait for."""
        assert self._started is not None
        self._remember_children()
        self._started.terminate()
        return self._started

    def stop(self) -> None:
        """End the process and everything that it started; keep what it printed."""
        if self._started is None:
            return
        self._remember_children()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._started.pid, signal.SIGKILL)
        for child in self._children:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
        self._started.wait(10)
        assert self._started.stdin is not None
        with contextlib.suppress(OSError):
            self._started.stdin.close()
        self._keep_output()
        self._started = None

    def _remember_children(self) -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            assert self._started is not None
            self._children = psutil.Process(self._started.pid).children(recursive=True)

    def _keep_output(self) -> None:
        size = self._file.seek(0, os.SEEK_END)
        self._file.seek(max(0, size - KEPT_OUTPUT))
        self._output = self._file.read().decode(errors="replace")
        self._file.close()

    @property
    def output(self) -> str:
        """The last that it printed before it was stopped."""
        return self._output


def python_command(interpreter: Sequence[str], file: Path) -> list[str]:
    """How a server in a Python file is started: it gets the port as its only argument."""
    return [*interpreter, str(file), PORT]


def family_of(address: tuple[str, int]) -> int:
    """IPv4 or IPv6, by the numeric host."""
    return socket.AF_INET6 if ":" in address[0] else socket.AF_INET


def _accepts(address: tuple[str, int], limit: float) -> bool:
    with contextlib.suppress(OSError):
        socket.create_connection(address, limit).close()
        return True
    return False


def _free_port() -> int:
    """A port below those that the kernel gives to clients and to port 0.

    Else another program could get it before the server does, or the look whether the server
    accepts could connect to itself.
    """
    choose = random.SystemRandom()
    while True:
        port = choose.randrange(10_240, 32_768)
        with socket.socket() as sock, contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("127.0.0.1", port))
            return port

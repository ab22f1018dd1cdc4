"""The server under test: one that is running somewhere, or a command that we start.

A started one gets a free port in place of ``{port}`` and in the variable PORT. Where one that
heeds neither listens, because its port or its address is in its source, is asked of the kernel. It
is ready when it accepts a connection, and whatever it started is ended with it (see processes.py).
What it prints is drained and its last lines are kept for the report.
"""

from __future__ import annotations

import contextlib
import random
import re
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from portable_harness.base.errors import Problem
from portable_harness.check import hints, processes
from portable_harness.check.drain import Drain

PORT = processes.PORT
LOOK_EVERY = 0.02  # seconds between two looks whether it accepts
HEEDS = 3.0  # seconds for which a port elsewhere is not looked at, where the command says {port}
HOSTS = ("127.0.0.1", "::1")  # a server may listen at "localhost", which may be either
FIRST_FREE = 3.0  # seconds for that, before it was ever started here
PORT_FREE = 90.0  # seconds until a port that is in the source is free again (TIME_WAIT)


class Server:
    """A server at an address that somebody else runs."""

    def __init__(self, address: tuple[str, int]) -> None:
        self.address = address
        self.starts = 0  # how often it was started

    def start(self) -> None:
        """Nothing to start, but it must be there. :raises Problem: when nothing accepts."""
        if not accepts(self.address, 5.0):
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

    @property
    def printed(self) -> int:
        """How many bytes it has printed since it was started."""
        return 0

    def said_since(self, printed: int) -> str:
        """What it printed later, or the end of that."""
        return ""


class StartedServer(Server):
    """A server that is started for the checks, and ended with everything that it started.

    :param command: its words; ``{port}`` in them becomes a free port
    :param limit: seconds until it must accept
    :param port: the port that is in its source; None to choose one, or to find out
    """

    def __init__(
        self,
        command: Sequence[str],
        limit: float = 60.0,
        env: Mapping[str, str] | None = None,
        port: int | None = None,
    ) -> None:
        super().__init__((HOSTS[0], 0))
        self.command, self.port, self.limit = list(command), port, limit
        self._env = env
        self._started: subprocess.Popen[bytes] | None = None
        # None yet, too, where an interruption came right after the start.
        self._drain: Drain | None = None
        self._guard: processes.Guard | None = None
        self._children: list[psutil.Process] = []
        self._output = ""
        self._heeds = True  # the port on its command line

    @property
    def takes_port(self) -> bool:
        """Whether its command line says where the port goes, and it listened there so far."""
        return self._heeds and any(PORT in word for word in self.command)

    def start(self) -> None:
        """Start it, or go on with it where it still runs. :raises Problem: when it does not."""
        if self._started is None or self._started.poll() is not None:
            self.stop()
            self._must_be_free()
            self.start_at(self.port or free_port())

    def _must_be_free(self) -> None:
        """Else another program would be checked."""
        if self.port and any(accepts((host, self.port), 1.0) for host in HOSTS):
            raise Problem(f"another program listens at port {self.port}", "stop it first")

    def start_at(self, port: int) -> None:
        """Start it at this port; where the port is in its source, as soon as it is free again."""
        free = PORT_FREE if self.starts else FIRST_FREE
        deadline = time.monotonic() + (0.0 if self.takes_port else free)
        while not self._started_at(port, final=time.monotonic() > deadline):
            time.sleep(1.0)

    def _started_at(self, port: int, final: bool) -> bool:
        try:
            self._start_once(port)
        except Problem as problem:
            if not re.search("in ?use", self._output, re.IGNORECASE):
                raise
            if final:
                raise Problem(
                    problem.message,
                    "another program has its port, or had it in the last minute: "
                    "end that one, set SO_REUSEADDR before bind, or wait",
                ) from None
            return False
        return True

    def _start_once(self, port: int) -> None:
        words = [word.replace(PORT, str(port)) for word in self.command]
        self._mark = processes.new_mark()
        self.starts += 1
        env = processes.environment(self._mark) | {"PORT": str(port)} | dict(self._env or {})
        try:
            self._started = subprocess.Popen(
                words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                start_new_session=True, env=env,
            )  # fmt: skip
        except OSError as error:
            what = f"cannot start {words[0]}: {error.strerror}"
            raise Problem(what, hints.for_words(self.command)) from None
        assert self._started.stdout is not None
        self._drain = Drain(self._started.stdout)
        self._guard = processes.Guard(self._started.pid, self._end_all)
        self._wait_until_it_accepts(port)

    def _wait_until_it_accepts(self, port: int) -> None:
        assert self._started is not None
        begin = time.monotonic()
        deadline = begin + self.limit
        while not self._accepts(port, time.monotonic() - begin):
            status = self._started.poll()
            if status is not None or time.monotonic() > deadline:
                ended = f"ended with status {status}" if status is not None else "does not accept"
                if self.forked_without_end:
                    ended = f"started more than {processes.MOST} processes"
                self.stop()
                last = hints.last_line(self._output) or "it printed nothing"
                hint = "" if status is None else hints.for_port(self.command, status)
                raise Problem(f"the server {ended}: {last}", hint)
            if time.monotonic() - begin > HEEDS and processes.has_udp_only(self.process):
                self.stop()
                raise Problem("the server listens with UDP only", "check speaks TCP")
            time.sleep(LOOK_EVERY)

    def _accepts(self, port: int, waited: float) -> bool:
        for address in ((host, port) for host in HOSTS):
            if accepts(address, 1.0):
                self.address = address
                return True
        process = self.process  # once: it may end meanwhile
        if waited < (HEEDS if self.takes_port else 0.0) or self.port or process is None:
            return False
        for address in processes.listening(process):
            if accepts(address, 1.0):
                self.address = address
                self._heeds = self._heeds and address[1] == port
                return True
        return False

    @property
    def process(self) -> psutil.Process | None:
        """The process while it runs."""
        if self._started is None or self._started.poll() is not None:
            return None
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self._started.pid)
        return None

    @property
    def forked_without_end(self) -> bool:
        """Whether it had to be ended because of the number of its processes."""
        return self._guard is not None and self._guard.exceeded

    def ask_to_stop(self) -> subprocess.Popen[bytes]:
        """Send SIGTERM, which every server should honour; gives the process to wait for."""
        assert self._started is not None
        self._remember_children()
        for process in processes.to_stop(psutil.Process(self._started.pid)):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.terminate()
        return self._started

    def left_over(self) -> list[psutil.Process]:
        """What it started and what still runs, without itself."""
        found = {*self._children, *processes.marked(self._mark)}
        pid = self._started.pid if self._started else 0
        return [process for process in found if process.pid != pid and processes.runs(process)]

    def stop(self) -> None:
        """End the process and everything that it started; keep what it printed."""
        if self._started is None:
            return
        if self._guard is not None:
            self._guard.close()
        self._end_all()
        self._started.wait(10)
        assert self._started.stdin is not None
        with contextlib.suppress(OSError):
            self._started.stdin.close()
        if self._drain is not None:
            self._output = self._drain.close()
        self._started = self._drain = self._guard = None

    def _end_all(self) -> None:
        assert self._started is not None
        self._remember_children()
        with contextlib.suppress(ProcessLookupError):
            processes.end_session(self._started.pid, signal.SIGSTOP)
        processes.end_all(self.process, self._mark, self._children)
        with contextlib.suppress(ProcessLookupError):
            processes.end_session(self._started.pid, signal.SIGKILL)

    def _remember_children(self) -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            assert self._started is not None
            self._children = processes.children(psutil.Process(self._started.pid))

    @property
    def output(self) -> str:
        """The last that it printed before it was stopped."""
        return self._output

    @property
    def printed(self) -> int:
        """How many bytes it has printed since it was started."""
        return self._drain.size if self._drain else 0

    def said_since(self, printed: int) -> str:
        """What it printed later, or the end of that; all that is kept where it was stopped."""
        return self._drain.since(printed) if self._drain else self._output


def python_command(interpreter: Sequence[str], file: Path) -> list[str]:
    """How a server in a Python file is started: it gets the port as its only argument."""
    return [*interpreter, str(file), PORT]


def family_of(address: tuple[str, int]) -> int:
    """IPv4 or IPv6, by the numeric host."""
    return socket.AF_INET6 if ":" in address[0] else socket.AF_INET


def accepts(address: tuple[str, int], limit: float) -> bool:
    """Whether a connection can be made."""
    with contextlib.suppress(OSError):
        socket.create_connection(address, limit).close()
        return True
    return False


def free_port() -> int:
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

"""Somebody's own server as sides: ``--command 'PYTHON app.py {port}'`` on each interpreter.

The command is started in the current folder. It has a session of its own, listens on the port that
it is given, and is ready when that accepts; it is asked to stop with SIGTERM, and what is left of
it is killed. It says nothing to us, so that the state of its GIL is deduced: that of the
interpreter, unless CPython has warned that a module brought it back.
"""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

import click
import psutil

from portable_harness import guest
from portable_harness.base.errors import Problem
from portable_harness.base.options import pip_words
from portable_harness.base.processes import MARK, describe, marked
from portable_harness.base.servers import ServerError, ServerProcess
from portable_harness.compare.sides import Command, Side
from portable_harness.compare.workloads import Workload
from portable_harness.interpreters import Interpreter
from portable_harness.interpreters.probe import guest_environment

PYTHON, PORT, HOST = "PYTHON", "{port}", "{host}"
START_LIMIT = 60.0  # seconds until the port accepts
STOP_LIMIT = 5.0  # seconds from SIGTERM until it is killed
EXAMPLE = "--command 'PYTHON app.py {port}'"
LOCK_IS_BACK = re.compile(r"\(GIL\) has been enabled to load module '([^']+)'")


class ApplicationProcess(ServerProcess):
    """A server that listens on ``port``.

    :param lock: whether its interpreter has a GIL in force; None: not known
    """

    own_session = True

    def __init__(
        self,
        command: Sequence[str],
        where: tuple[str, int],
        variables: Mapping[str, str],
        lock: bool | None,
        start_limit: float,
    ) -> None:
        self._mark = f"{os.getpid()}-port-{where[1]}"
        env = {**guest_environment(), "PYTHONUNBUFFERED": "1", **variables}
        env[MARK] = f"{env.get(MARK, '')} {self._mark}"
        super().__init__(command, cwd=Path.cwd(), env=env, start_limit=start_limit)
        self._where, self._lock = where, lock
        self._module = ""

    def _hear(self, line: str) -> None:
        super()._hear(line)
        if match := LOCK_IS_BACK.search(line):
            self._module = match[1]

    def _wait_until_ready(self) -> tuple[str, int]:
        deadline = time.monotonic() + self._start_limit
        while self.process.poll() is None and time.monotonic() < deadline:
            with (
                contextlib.suppress(OSError),
                socket.create_connection(self._where, timeout=1),
            ):
                return self._where
            time.sleep(0.02)
        raise ServerError(f"the server did not start: {self._why()}")

    def _why(self) -> str:
        status = self.process.poll()
        self.kill()  # so that all that it has printed is read
        how = f"port {self._where[1]} does not accept after {self._start_limit:g} s"
        said = [line.strip() for line in self.output.splitlines() if line.strip()]
        return "; ".join([how if status is None else describe(status), *said[-1:]])

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(STOP_LIMIT)
        self.kill()
        if self._lock is not None or self._module:
            self._output.append(f"\ngil {self._state()}\n")

    def _state(self) -> str:
        """As our own server reports it at its end."""
        if self._module:
            return f"enabled by {self._module}"
        return "enabled" if self._lock else "disabled"

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for process in marked(MARK, self._mark):  # what has left the session
            with contextlib.suppress(psutil.Error):
                process.kill()
        super().kill()


@dataclass(frozen=True)
class Application:
    """What is run: words with ``PYTHON`` and ``{port}``, and what pip is to install for it."""

    words: tuple[str, ...]
    requirements: tuple[str, ...] = ()
    start_limit: float = START_LIMIT

    def on(self, interpreter: Interpreter, side: Side) -> Side:
        """The application on an interpreter, in place of our server on that.

        What cannot be installed there is the reason why the side fails.
        """
        lock = interpreter.gil_enabled
        if any(word.startswith(("gil=", "-Xgil=")) for word in self.words):
            lock = None
        try:
            python, variables = self._python(interpreter)
        except (Problem, OSError, subprocess.SubprocessError) as error:
            return replace(side, command=_as_they_are(self.words), process=_failing(_line(error)))
        words = [part for word in self.words for part in (python if word == PYTHON else [word])]

        def process(command: Sequence[str]) -> ServerProcess:
            where = _free()
            words = [word.replace(PORT, str(where[1])) for word in command]
            return ApplicationProcess(words, where, variables, lock, self.start_limit)

        info = {**side.info, "command": words}
        return replace(side, info=info, command=_as_they_are(words), process=process)

    def _python(self, interpreter: Interpreter) -> tuple[list[str], dict[str, str]]:
        """The command that starts it with the requirements, and variables to be set."""
        if not self.requirements:
            return list(interpreter.command), {}
        made = guest.kept("compare", interpreter, (), self.requirements)
        if not made.is_current():
            click.echo(
                f"installing for {interpreter.name}: {' '.join(self.requirements)}", err=True
            )
            made.create()
        return [str(made.python)], made.env


def application(
    command: str, packages: Sequence[str] = (), files: Sequence[Path] = ()
) -> Application:
    """From the words of the command line.

    :raises Problem: for a command that names no interpreter or takes no port
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise Problem(f"--command {command!r}: {error}", EXAMPLE) from None
    if PYTHON not in words:
        raise Problem(f"--command has no word {PYTHON}", EXAMPLE)
    if not any(PORT in word for word in words):
        raise Problem(f"--command has no {PORT}", EXAMPLE)
    return Application(tuple(words), pip_words(packages, files))


def _as_they_are(words: Sequence[str]) -> Command:
    def command(workload: Workload, host: str) -> list[str]:
        del workload
        return [word.replace(HOST, host) for word in words]

    return command


def _failing(reason: str) -> Callable[[Sequence[str]], ServerProcess]:
    def process(command: Sequence[str]) -> ServerProcess:
        raise ServerError(reason)

    return process


def _line(error: Exception) -> str:
    return error.message if isinstance(error, Problem) else str(error)


def _free() -> tuple[str, int]:
    """An address that nobody has now. Another program may take it before the server does, which
    then fails to start and is started again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        host, port = probe.getsockname()
        return str(host), int(port)

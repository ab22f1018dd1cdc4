"""Run other people's programs: output to a log, a time limit, nothing left behind.

The program gets a session of its own. Ctrl-C therefore reaches us alone, and whatever ends the
wait (Ctrl-C, the time limit, an error) ends the program with all its children.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from portable_harness.interpreters.install.complaints import cause, is_complaint, plain
from portable_harness.interpreters.install.roads import ClosedError


def run(
    command: Sequence[str],
    log: Path,
    seconds: float,
    tell: Callable[[str], None] = lambda _line: None,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    what: str = "",
) -> list[str]:
    """Run a program to its end, its output added to ``log`` line by line.

    :param seconds: the time limit
    :param tell: is given each line, except those that are complaints
    :param what: what it does, for the message; default: the program's name
    :returns: the last 200 lines that it wrote
    :raises ClosedError: when it cannot be started, fails or takes too long; it has the log
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a", encoding="utf-8") as stream:
        stream.write(f"$ {' '.join(command)}\n")
        stream.flush()
        process = _start(command, cwd, env)
        overdue = threading.Event()
        clock = threading.Timer(seconds, _end, [process, overdue])
        clock.daemon = True
        clock.start()
        try:
            lines = _copy(process, stream.write, tell)
            status = process.wait()
        finally:
            clock.cancel()
            _end(process)
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
    if overdue.is_set():
        raise ClosedError(f"{what or Path(command[0]).name} was ended after {seconds:g} s", log)
    if status != 0:
        raise ClosedError(f"{what or Path(command[0]).name} failed ({cause(lines)})", log)
    return lines


def _start(
    command: Sequence[str], cwd: Path | None, env: Mapping[str, str] | None
) -> subprocess.Popen[str]:
    try:
        return subprocess.Popen(
            list(command),
            cwd=cwd,
            env=dict(os.environ, **(env or {})),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise ClosedError(f"{command[0]} cannot be started: {error.strerror or error}") from error


def _copy(
    process: subprocess.Popen[str], write: Callable[[str], int], tell: Callable[[str], None]
) -> list[str]:
    last: deque[str] = deque(maxlen=200)
    assert process.stdout is not None
    for line in process.stdout:
        write(line)
        said = plain(line)
        if said:
            last.append(said)
            if not is_complaint(said):
                tell(said)
    return list(last)


def _end(process: subprocess.Popen[str], overdue: threading.Event | None = None) -> None:
    """End a program and its children, and say that it was for taking too long."""
    if overdue is not None:
        overdue.set()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)

"""Run other people's programs: output to a log, a time limit, nothing left behind.

Whatever ends the wait (Ctrl-C, the time limit, an error) ends the program with all its children:
see `portable_harness.base.children`.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from portable_harness.base import children
from portable_harness.interpreters.install.complaints import cause, is_complaint, plain
from portable_harness.interpreters.install.methods import ClosedError


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
        overdue = threading.Event()
        with contextlib.ExitStack() as stack:
            process = stack.enter_context(_started(command, cwd, env))
            clock = threading.Timer(seconds, _end, [process, overdue])
            stack.callback(clock.cancel)
            clock.daemon = True
            clock.start()
            lines = _copy(process, stream.write, tell)
            status = process.wait()
    if overdue.is_set():
        raise ClosedError(f"{what or Path(command[0]).name} was ended after {seconds:g} s", log)
    if status != 0:
        raise ClosedError(f"{what or Path(command[0]).name} failed ({cause(lines)})", log)
    return lines


@contextlib.contextmanager
def _started(
    command: Sequence[str], cwd: Path | None, env: Mapping[str, str] | None
) -> Iterator[subprocess.Popen[str]]:
    """It, with both of its streams in one; its body raises no OSError of its start."""
    with contextlib.ExitStack() as stack:
        try:
            everything = dict(os.environ, **(env or {}))
            child = children.started(
                command, cwd=cwd, env=everything, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
            )
            process = stack.enter_context(child)
        except OSError as error:
            why = error.strerror or error
            raise ClosedError(f"{command[0]} cannot be started: {why}") from error
        yield process


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


def _end(process: subprocess.Popen[str], overdue: threading.Event) -> None:
    """End a program and its children, and note that it was for taking too long."""
    overdue.set()
    children.end(process)

"""Other people's programs that we run to their end: pip, virtualenv, make, apt, an interpreter.

Whatever ends the wait (its end, a time limit, Ctrl-C, SIGTERM, a lost terminal) ends the program
with all that it started, and nothing is lost on the way:

- It gets a session of its own. Ctrl-C of a terminal reaches us alone, and its group is ended.
- A signal becomes an exception (``interrupt``), but not while a program starts: the exception
  would leave ``Popen`` when the program runs already and nobody yet has its number.
- Exceptions reach the main thread alone. For the other threads ``stop_all`` ends what runs and what
  starts from then on, and ``run`` raises in each of them.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from portable_harness.base.errors import Problem

_running: set[subprocess.Popen[str]] = set()  # changed in one step each: it needs no lock
_stopped = threading.Event()


class _Start:
    """Whether the main thread starts a program, and whether a signal came meanwhile."""

    under_way = False
    interrupted = False


class Stopped(Problem):
    """A program was ended because our own run is interrupted."""


def interrupt(number: int, frame: object) -> None:
    """The handler of the signals that end us.

    :raises KeyboardInterrupt: at once, or as soon as the program that starts now is known
    """
    if _Start.under_way:
        _Start.interrupted = True
    else:
        raise KeyboardInterrupt


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _Start.under_way = True
    try:
        yield
    finally:
        _Start.under_way = False
        if _Start.interrupted:
            _Start.interrupted = False
            raise KeyboardInterrupt


@contextlib.contextmanager
def started(
    command: Sequence[str],
    ask_to_end: Callable[[subprocess.Popen[str]], None] | None = None,
    **named: Any,
) -> Iterator[subprocess.Popen[str]]:
    """A program while the body runs; it and all of its group are ended after it.

    :param ask_to_end: when we are interrupted, this gives the program a chance to end by itself
    :param named: of ``subprocess.Popen``; its streams are text
    :raises OSError: when it cannot be started
    """
    child = None
    try:
        with _uninterrupted():
            child = _start(command, named)
        if _stopped.is_set():
            end(child)
        yield child
    except KeyboardInterrupt:
        if child is not None and ask_to_end is not None:
            ask_to_end(child)
        raise
    finally:
        if child is not None:
            _forget(child)


def _start(command: Sequence[str], named: Mapping[str, Any]) -> subprocess.Popen[str]:
    child: subprocess.Popen[str] = subprocess.Popen(
        list(command),
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
        **named,
    )
    _running.add(child)
    return child


def _forget(child: subprocess.Popen[str]) -> None:
    end(child)
    child.wait()
    _running.discard(child)
    for stream in (child.stdout, child.stderr):
        if stream is not None:
            stream.close()


def end(child: subprocess.Popen[str]) -> None:
    """End a program and what it left in its group."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def run(
    command: Sequence[str],
    seconds: float,
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    merged: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, its output captured.

    :param seconds: the time limit
    :param merged: its standard error is part of ``stdout``
    :raises OSError: when it cannot be started
    :raises subprocess.TimeoutExpired: when it takes too long
    :raises Stopped: when it was ended because we are interrupted
    """
    errors = subprocess.STDOUT if merged else subprocess.PIPE
    with started(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=errors) as child:
        output, complaints = child.communicate(timeout=seconds)
    if child.returncode < 0 and _stopped.is_set():
        raise Stopped("interrupted")
    return subprocess.CompletedProcess(command, child.returncode, output, complaints)


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """After the body, programs may be started again."""
    try:
        yield
    finally:
        _stopped.clear()


def stop_all() -> None:
    """End all programs of ``run``, in every thread, and each that is started from now on."""
    _stopped.set()
    for child in list(_running):
        end(child)

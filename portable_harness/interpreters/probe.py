"""Ask an interpreter, by running it, what it is.

A file's name proves nothing (a shim, a broken build, a `python3` that waits for a network disk),
so every candidate says itself what it is, under a time limit and in a session of its own that can
be ended with all its children. What it says comes from ``compat.platform``, the one module that
knows how to tell interpreters apart.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from typing import Any

from portable_harness.base.reading import decoded
from portable_harness.base.tree import guest_tree

MARKER = "PORTABLE-FACTS "
# Old syntax: it is read by 2.7, and by older ones that are then refused. The first entry of
# sys.path is the current folder, whose modules are no business of ours.
QUESTION = (
    "import sys; del sys.path[0]; import json; sys.path.insert(0, sys.argv[1]); "
    "from portable_server.compat.platform import describe; "
    f"print({MARKER!r} + json.dumps(describe()))"
)
PYTHON_SECONDS = 20.0
JYTHON_SECONDS = 60.0  # a cold start takes seconds, and many times that on a busy machine

Facts = dict[str, Any]


class RefusedError(Exception):
    """The interpreter gave no usable answer; the message is one line that says why.

    ``lasting`` when asking again would bring the same: such an answer may be remembered.
    """

    def __init__(self, reason: str, lasting: bool = False) -> None:
        super().__init__(reason)
        self.lasting = lasting


class Running:
    """The probes under way, so that all of them can be ended at once (Ctrl-C)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._processes: set[subprocess.Popen[str]] = set()
        self._stopped = False

    def start(self, command: tuple[str, ...]) -> subprocess.Popen[str]:
        """Start a probe.

        :raises RefusedError: when it cannot be started, or everything was stopped meanwhile.
        """
        with self._lock:
            if self._stopped:
                raise RefusedError("interrupted")
            try:
                process = _spawn(command)
            except OSError as error:
                raise RefusedError(f"cannot be started: {error.strerror or error}") from error
            self._processes.add(process)
        return process

    def forget(self, process: subprocess.Popen[str]) -> None:
        """Note that a probe has ended, and end what it left behind."""
        _kill(process)
        with self._lock:
            self._processes.discard(process)

    def stop(self) -> None:
        """End every probe and let no new one start."""
        with self._lock:
            self._stopped = True
            for process in self._processes:
                _kill(process)


def _spawn(command: tuple[str, ...]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        env=guest_environment(),
        start_new_session=True,
    )


def guest_environment() -> dict[str, str]:
    """Our environment without what would change another interpreter's answer or write files.

    PYTHON_GIL stays: the state of the GIL that it brings about is the answer wanted.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name == "PYTHON_GIL" or not name.startswith(("PYTHON", "JYTHON"))
    }
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"}


def _kill(process: subprocess.Popen[str]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def ask(command: tuple[str, ...], seconds: float, running: Running | None = None) -> Facts:
    """The facts that an interpreter tells of itself: ``compat.platform.describe()`` in it.

    :param command: what starts the interpreter
    :param seconds: how long it may take
    :raises RefusedError: when it cannot be started, fails, is too old, or takes too long
    """
    running = running or Running()
    process = running.start((*command, "-c", QUESTION, str(guest_tree())))
    try:
        output, errors = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise RefusedError(f"did not answer within {seconds:g} s") from None
    finally:
        running.forget(process)
        _close(process)
    return _understand(process.returncode, output, errors)


def _close(process: subprocess.Popen[str]) -> None:
    """Reap it and close our ends; what an escaped child still holds open is not waited for."""
    process.wait()
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()


def _understand(status: int, output: str, errors: str) -> Facts:
    for line in output.splitlines():
        if line.startswith(MARKER):
            return _decode(line[len(MARKER) :])
    said = [line.strip() for line in (errors or output).splitlines() if line.strip()]
    how = f"ended by signal {-status}" if status < 0 else f"exit status {status}"
    raise RefusedError(
        f"broken ({how}): {said[-1][:200] if said else 'it said nothing'}", lasting=True
    )


def _decode(text: str) -> Facts:
    try:
        facts = decoded(text)
    except ValueError:
        raise RefusedError("broken: its answer is not JSON") from None
    if not isinstance(facts, dict):
        raise RefusedError("broken: its answer is not a JSON object")
    version = tuple(facts.get("version", ()))
    if version < (2, 7) or (3,) <= version < (3, 6):
        text = ".".join(str(part) for part in version) or "unknown"
        reason = f"too old: version {text}; 2.7, and 3.6 or later, are supported"
        raise RefusedError(reason, lasting=True)
    return facts

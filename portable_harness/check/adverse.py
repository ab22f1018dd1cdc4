"""Adverse scheduling: make rare interleavings of the server's threads less rare.

- ``one-cpu``: the server's processes share one processor;
- ``throttle``: the whole process is stopped and continued, many times a second;
- ``switch-interval``: a Python server hands its GIL over a thousand times as often
  (``sys.setswitchinterval``), set by a ``sitecustomize`` on its path;
- ``stalls``: a Python server's threads each fall asleep for a moment at random calls.

A server in another language does not read ``sitecustomize``: the last two do nothing there, and
the report does not claim that they did more. The quick profile has the last one only, which finds
the most races for its time, and only where it does something.
"""

from __future__ import annotations

import contextlib
import os
import random
import re
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil

from portable_harness.base.tree import on_guest
from portable_harness.check.processes import children
from portable_harness.check.server import StartedServer

PYTHON_ONLY = ("switch-interval", "stalls")
KINDS = ("one-cpu", "throttle", *PYTHON_ONLY)
QUICK = ("stalls",)
VARIABLE = "PORTABLE_ADVERSE"
STOPPED, RUNNING = (0.002, 0.02), (0.005, 0.05)  # seconds, drawn evenly


def environment(kind: str, seed: int) -> dict[str, str]:
    """What to set for the server's process."""
    if kind not in PYTHON_ONLY:
        return {}
    ours = str(on_guest("check"))
    path = os.pathsep.join(part for part in (ours, os.environ.get("PYTHONPATH", "")) if part)
    return {VARIABLE: f"{kind}:{seed}", "PYTHONPATH": path, "JYTHONPATH": ours}


def is_python(server: StartedServer) -> bool:
    """Whether one of its processes is a CPython or a PyPy, by its program's name."""
    process = server.process
    for member in [process, *children(process)] if process else []:
        with contextlib.suppress(psutil.Error):
            if re.match("python|pypy", Path(member.exe()).name):
                return True
    return False


@contextlib.contextmanager
def applied(kind: str, server: StartedServer, seed: int) -> Iterator[None]:
    """Make things hard for a server that runs, for as long as the block lasts."""
    if kind == "one-cpu":
        _pin(server)
    if kind != "throttle":
        yield
        return
    over = threading.Event()
    thread = threading.Thread(target=_throttle, args=(server, seed, over), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(10)


def _pin(server: StartedServer) -> None:
    """To the first processor that we may use; where affinity cannot be set, nothing happens."""
    process = server.process
    if process is None or not hasattr(process, "cpu_affinity"):
        return
    with contextlib.suppress(psutil.Error):
        allowed = process.cpu_affinity()
        for member in [process, *process.children(recursive=True)]:
            member.cpu_affinity(allowed[:1])


def _throttle(server: StartedServer, seed: int, over: threading.Event) -> None:
    choose = random.Random(seed)
    while not over.wait(choose.uniform(*RUNNING)):
        process = server.process
        if process is None:
            return
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            os.killpg(process.pid, signal.SIGSTOP)
            try:
                over.wait(choose.uniform(*STOPPED))
            finally:
                os.killpg(process.pid, signal.SIGCONT)

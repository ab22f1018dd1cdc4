"""The sandbox of a student's program: how it is started, and a guard over what it uses.

Limits that the kernel keeps for one process are set by confine.py. What a whole tree of processes
uses (memory, processes, time, disk) is looked at many times a second, because the address space
of a JVM or of PyPy says nothing about the memory that it uses; beyond a limit all is ended.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from harness.exercise.catalogue import FOLDER, Limits
from harness.exercise.isolation import CONFINE, Isolation

LOOK = 0.05  # seconds between two looks at the processes
LOOK_AT_FILES = 1.0  # seconds
MIB = 1024 * 1024
FILES = 8  # so many files of the largest size may there be


def confined(
    command: Sequence[str], folder: Path, isolation: Isolation, limits: Limits | None = None
) -> list[str]:
    """The command that starts `command` with its limits."""
    limits = limits or Limits()
    settings = {
        "folder": str(folder),
        "hidden": [str(FOLDER)] if FOLDER.is_dir() else [],
        "file_bytes": limits.file_mib * MIB,
        "descriptors": limits.descriptors,
        "uid": isolation.uid,
        "namespaces": isolation.processes,
    }
    return [sys.executable, "-I", "-S", str(CONFINE), json.dumps(settings), *command]


def tree(pid: int) -> list[psutil.Process]:
    """A process and what descends from it."""
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        return [root, *root.children(recursive=True)]
    return []


class Guard:
    """Watches a tree of processes until `stop`, and ends it beyond a limit; `verdict` says why."""

    def __init__(self, pid: int, folder: Path, limits: Limits, seconds: float,
                 end: Callable[[], None]) -> None:  # fmt: skip
        self._pid, self._folder, self._limits, self._end = pid, folder, limits, end
        self._seconds = seconds
        self.verdict = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        began = last = time.monotonic()
        while not self._stop.wait(LOOK):
            now = time.monotonic()
            self.verdict = self._beyond(tree(self._pid))
            if not self.verdict and now - began > self._seconds:
                self.verdict = f"more than {self._seconds:g} s"
            if not self.verdict and now - last > LOOK_AT_FILES:
                last = now
                self.verdict = self._too_many_files()
            if self.verdict:
                self._end()
                return

    def _beyond(self, processes: list[psutil.Process]) -> str:
        if len(processes) > self._limits.processes:
            return f"more than {self._limits.processes} processes"
        used = 0
        for process in processes:
            with contextlib.suppress(psutil.Error):
                used += process.memory_info().rss
        if used > self._limits.memory_mib * MIB:
            return f"more than {self._limits.memory_mib} MiB of memory"
        return ""

    def _too_many_files(self) -> str:
        total = 0
        for folder, _, names in os.walk(self._folder):
            for name in names:
                with contextlib.suppress(OSError):
                    total += os.lstat(os.path.join(folder, name)).st_size
        allowed = self._limits.file_mib * FILES
        return f"more than {allowed} MiB of files" if total > allowed * MIB else ""

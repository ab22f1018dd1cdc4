"""What processes and files use, and who they are."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import psutil


def owner(entry: os.DirEntry[str]) -> int | None:
    """The user who has a file."""
    with contextlib.suppress(OSError):
        return entry.stat(follow_symlinks=False).st_uid
    return None


def size(path: str) -> int:
    """Of a file, in bytes; 0 where there is none any more."""
    with contextlib.suppress(OSError):
        return os.lstat(path).st_size
    return 0


def total(processes: list[psutil.Process], measure: Callable[[psutil.Process], int]) -> int:
    """Over all of them; one that has just ended counts nothing."""
    found = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            found += measure(process)
    return found


def resident(process: psutil.Process) -> int:
    """Bytes in memory, those that it shares with its parent too."""
    return int(process.memory_info().rss)


def proportional(process: psutil.Process) -> int:
    """Bytes in memory; what n processes share counts as an nth, where one may see it. Slower."""
    with contextlib.suppress(psutil.AccessDenied, AttributeError):
        return int(process.memory_full_info().pss)
    return resident(process)


def own_number(process: psutil.Process) -> int:
    """Its number as it knows it itself, in its own namespace (proc(5): NSpid of status)."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process.pid}/status").read_text("utf-8").splitlines():
            if line.startswith("NSpid:"):
                return int(line.split()[-1])
    return int(process.pid)

"""What a server and the machine use, by psutil: processor time, memory, threads, switches."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

MOST_THREADS = 3000  # of a process whose context switches are read: one file for each thread


@dataclass(frozen=True)
class Usage:
    """A process and all that it started, at one moment."""

    cpu_seconds: float
    rss: int
    threads: int
    descriptors: int
    voluntary_switches: int | None
    involuntary_switches: int | None


def look(pid: int) -> Usage:
    """The usage of a process tree.

    The kernel counts processor time in hundredths of a second, and gives that of children that
    have ended to their parent when it waits for them.

    :raises psutil.NoSuchProcess: when it has ended
    """
    root = psutil.Process(pid)
    tree = [root, *root.children(recursive=True)]
    cpu = sum(_cpu(process) for process in tree)  # first: it belongs to this very moment
    rss = threads = descriptors = 0
    for process in tree:
        with contextlib.suppress(psutil.Error):
            rss += process.memory_info().rss
            threads += process.num_threads()
            descriptors += process.num_fds()
    found = _switches(tree) if threads <= MOST_THREADS else None
    return Usage(cpu, rss, threads, descriptors, *(found or (None, None)))


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:  # a child that ended just now
        return 0.0
    return float(times.user + times.system + times.children_user + times.children_system)


def _switches(tree: list[psutil.Process]) -> tuple[int, int] | None:
    """Of all threads: what psutil has is that of the first thread alone (proc(5), status)."""
    voluntary = involuntary = 0
    for status in _statuses(tree):
        for line in status.splitlines():
            name, _, value = line.partition(":")
            if name == "voluntary_ctxt_switches":
                voluntary += int(value)
            elif name == "nonvoluntary_ctxt_switches":
                involuntary += int(value)
    return (voluntary, involuntary) if voluntary else None


def _statuses(tree: list[psutil.Process]) -> Iterator[str]:
    for process in tree:
        for path in Path(f"/proc/{process.pid}/task").glob("*/status"):
            with contextlib.suppress(OSError):
                yield path.read_text(encoding="ascii", errors="replace")


def difference(before: Usage, after: Usage, seconds: float, requests: int) -> dict[str, Any]:
    """What was used between two looks, as the record of a measurement has it."""
    cpu = max(0.0, after.cpu_seconds - before.cpu_seconds)
    return {
        "cpu_seconds": cpu,
        "cpu_per_request": cpu / requests if requests else None,
        "cores": cpu / seconds if seconds else None,
        "rss": after.rss,
        "threads": max(before.threads, after.threads),
        "descriptors": max(before.descriptors, after.descriptors),
        "voluntary_switches": _less(after.voluntary_switches, before.voluntary_switches),
        "involuntary_switches": _less(after.involuntary_switches, before.involuntary_switches),
    }


def _less(after: int | None, before: int | None) -> int | None:
    """Threads that have ended take their count with them: never below nothing."""
    return None if after is None or before is None else max(0, after - before)


class Machine:
    """What the whole machine does from now on."""

    def __init__(self) -> None:
        self._before, self._own = psutil.cpu_times(), os.times()

    def since(self, known_cpu: float) -> dict[str, Any]:
        """The load, stolen time, and the share of the processors that others used.

        :param known_cpu: processor seconds of the server and of the generators that are here
        """
        now, own = psutil.cpu_times(), os.times()
        parts = {
            name: getattr(now, name) - getattr(self._before, name)
            for name in now._fields
            if not name.startswith("guest")  # counted in user and nice already
        }
        total = sum(parts.values())
        busy = total - parts["idle"] - parts.get("iowait", 0.0)
        steal = parts.get("steal", 0.0)
        mine = known_cpu + own.user + own.system - self._own.user - self._own.system
        others = max(0.0, busy - steal - mine)
        return {
            "load_average": os.getloadavg()[0],
            "steal": steal / total if total else 0.0,
            "other_cpu": others / total if total else 0.0,
        }

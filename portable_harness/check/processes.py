"""The processes of a server under test: everything that it started, however it tried to get away.

A child is found as a child, as a member of the server's session, and by a mark in its environment:
a process that forked twice and made a session of its own is nobody's child, but it still carries
the mark. What is found is stopped before it is killed, so that it starts nothing new meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import psutil

from portable_harness.base import processes as base

PORT = "{port}"  # in a command: where its port goes
MARK = "PORTABLE_CHECK_SERVER"
MOST = 1_000  # processes of one server; more is a server that forks without end
LOOK_EVERY = 0.1  # seconds
END_LIMIT = 20.0  # seconds in which all must be ended
LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # where all addresses are listened at
STRANGER = 0.02  # seconds for a server that was not started here, and cannot be looked at
ASLEEP = "SIZtX"  # states of a Linux thread that does not want a processor


def new_mark() -> str:
    """What no other server's processes carry."""
    return uuid.uuid4().hex


def children(process: psutil.Process) -> list[psutil.Process]:
    """Children and their children, without those that have ended meanwhile."""
    with contextlib.suppress(psutil.Error):
        found: list[psutil.Process] = process.children(recursive=True)
        return found
    return []


def marked(mark: str) -> list[psutil.Process]:
    """All processes of the server with this mark."""
    return list(base.marked(MARK, mark))


def end_all(process: psutil.Process | None, mark: str, known: Iterable[psutil.Process]) -> None:
    """Kill what there is until a look finds nothing any more."""
    deadline = time.monotonic() + END_LIMIT
    found = {*known, *marked(mark)}
    if process is not None:
        found |= {process, *children(process)}
    while found and time.monotonic() < deadline:
        for sign in (signal.SIGSTOP, signal.SIGKILL):
            for survivor in found:
                with contextlib.suppress(psutil.Error):
                    survivor.send_signal(sign)
        psutil.wait_procs(found, 0.2)
        found = {process for process in marked(mark) if runs(process)}


def runs(process: psutil.Process) -> bool:
    """Whether it is there and has not ended."""
    with contextlib.suppress(psutil.Error):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def all_asleep(process: psutil.Process) -> bool | None:
    """Whether no thread of a process tree runs or wants to; None where that cannot be seen.

    So a server that waits is distinguished from one that a busy machine keeps waiting.
    """
    if not sys.platform.startswith("linux"):
        return None
    for member in [process, *children(process)]:
        with contextlib.suppress(OSError):
            for stat in Path(f"/proc/{member.pid}/task").glob("*/stat"):
                state = stat.read_text(errors="replace").rpartition(")")[2].split()[0]
                if state not in ASLEEP:
                    return False
    return True


def settle(process: psutil.Process | None, limit: float = 0.5) -> None:
    """Give a server the time to take what it has been sent: until it sleeps, as far as is seen."""
    deadline = time.monotonic() + (limit if process else STRANGER)
    while time.monotonic() < deadline and not (process and all_asleep(process)):
        time.sleep(STRANGER / 4)


@contextlib.contextmanager
def stopped(process: psutil.Process | None) -> Iterator[None]:
    """A process and its children do not run for as long as the block lasts."""
    tree = [process, *children(process)] if process else []
    try:
        for member in tree:
            with contextlib.suppress(psutil.Error):
                member.send_signal(signal.SIGSTOP)
        yield
    finally:
        for member in tree:
            with contextlib.suppress(psutil.Error):
                member.send_signal(signal.SIGCONT)


def end_session(pid: int, sign: signal.Signals) -> None:
    """A signal to all of the process group that the server began with."""
    os.killpg(pid, sign)


class Guard:
    """Looks after a server from a thread: ends one that forks without end."""

    def __init__(self, pid: int, end: Callable[[], None]) -> None:
        self.exceeded = False
        self._pid, self._end = pid, end
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def _look(self) -> None:
        while not self._over.wait(LOOK_EVERY):
            with contextlib.suppress(psutil.Error):
                if len(children(psutil.Process(self._pid))) > MOST:
                    self.exceeded = True
                    self._end()
                    return

    def close(self) -> None:
        """Look no longer."""
        self._over.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(END_LIMIT)


def listening(process: psutil.Process) -> list[tuple[str, int]]:
    """Where a process tree can be reached by TCP from this machine, the lowest port first."""
    found = {address for member in [process, *children(process)] for address in _listens(member)}
    return sorted(found, key=lambda address: (address[1], address[0]))


def _listens(process: psutil.Process) -> list[tuple[str, int]]:
    with contextlib.suppress(psutil.Error):
        return [
            (LOOPBACK.get(connection.laddr.ip, connection.laddr.ip), connection.laddr.port)
            for connection in process.net_connections(kind="tcp")
            if connection.status == psutil.CONN_LISTEN
        ]
    return []


def has_udp_only(process: psutil.Process | None) -> bool:
    """Whether a process tree has ports of UDP and none of TCP that it listens at."""
    tree = [process, *children(process)] if process else []
    udp = 0
    for member in tree:
        with contextlib.suppress(psutil.Error):
            udp += sum(bool(found.laddr) for found in member.net_connections(kind="udp"))
    return udp > 0 and not any(_listens(member) for member in tree)


def to_stop(process: psutil.Process) -> list[psutil.Process]:
    """Whom to ask to stop: the process, and those that listen where it only waits for them.

    (`sh -c`, `npm start`, `cargo run`: who stops such a server stops all of a process group.)
    """
    if _listens(process):
        return [process]
    return [process, *(child for child in children(process) if _listens(child))]


def environment(mark: str) -> dict[str, str]:
    """What a server's processes get besides our own environment."""
    return {**os.environ, MARK: mark}

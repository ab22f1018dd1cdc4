"""Does the server shut down in order, and does it keep anything of connections that have gone?

Looked at from outside with psutil, so only where we started the server. What is left over is
looked for after as many connections as would show it, again and again until the patience is
over: a server may take its time, but not keep things.
"""

from __future__ import annotations

import contextlib
import functools
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

import psutil

from harness.check.conversation import Client
from harness.check.model import Broken, Check, Level, NotApplicable, Room
from harness.check.server import StartedServer

LOOK_EVERY = 0.05  # seconds
SPARE = 5  # descriptors or threads that a server may keep for itself
MEMORY = 64 * 1024 * 1024  # bytes that it may grow by: allocators keep what was freed
STOP_LIMIT = 15.0  # seconds
ORDERLY = (0, -signal.SIGTERM, 128 + signal.SIGTERM)  # the last: Java, shells
FLOOD = 15.0  # seconds


@dataclass(frozen=True)
class Footprint:
    """What a process tree holds."""

    descriptors: int
    threads: int
    memory: int


def footprint(process: psutil.Process) -> Footprint:
    """Of a process and its children."""
    descriptors = threads = memory = 0
    for one in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            descriptors += one.num_fds()
            threads += one.num_threads()
            memory += one.memory_info().rss
    return Footprint(descriptors, threads, memory)


def _process(room: Room) -> psutil.Process:
    process = room.server.process
    if process is None:
        raise NotApplicable("the server was not started by this command")
    return process


def _settles(room: Room, what: str, allowed: int) -> int:
    """How many of them are too many in the end; 0 as soon as none are."""
    deadline = time.monotonic() + room.patience
    process = _process(room)
    while True:
        over: int = getattr(footprint(process), what) - allowed
        if over <= 0 or time.monotonic() > deadline:
            return max(0, over)
        time.sleep(LOOK_EVERY)


def _visit(room: Room, count: int, talk: bytes) -> None:
    """Connections that come, talk and go by each kind of end."""
    for number in range(count):
        with Client(room, f"visitor {number}") as client:
            client.send(talk.replace(b"N", b"%d" % number))
            with contextlib.suppress(Broken):
                client.line("an answer")
            (client.close, client.half_close, client.reset)[number % 3]()


def no_leak(talk: bytes, room: Room) -> None:
    """Visit often; then as many descriptors and threads as before."""
    _visit(room, 5, talk)  # what is made once on first use
    before = footprint(_process(room))
    count = 30 if room.quick else 150
    _visit(room, count, talk)
    for what in ("descriptors", "threads"):
        allowed = getattr(before, what) + SPARE
        over = _settles(room, what, allowed)
        if over:
            came = f"{over + SPARE} more {what} than before"
            due = f"as many as before (up to {SPARE} more)"
            raise Broken(f"{count} connections that came and went", came, due)


def bounded_memory(talk: bytes, room: Room) -> None:
    """Send three times the limit, as far as it is taken in time, and read nothing."""
    before = footprint(_process(room)).memory
    size = 100_000 if room.quick else 1_000_000
    with Client(room, "a flood", small_buffer=True) as client:
        client.send(talk.replace(b"N", b"flood"))
        client.socket.settimeout(2.0)
        deadline = time.monotonic() + FLOOD
        with contextlib.suppress(OSError):
            for _ in range(3 * MEMORY // size):
                client.socket.sendall(b"x" * size)
                if time.monotonic() > deadline:
                    break
        grown = footprint(_process(room)).memory - before
    if grown > MEMORY:
        came = f"{grown >> 20} MiB more memory"
        raise Broken("data without an end", came, f"at most {MEMORY >> 20} MiB more")


def stops(talk: bytes, room: Room) -> None:
    """Ask the server to stop while a client is connected."""
    server = room.server
    if not isinstance(server, StartedServer):
        raise NotApplicable("the server was not started by this command")
    due = "an end with status 0, or that of a program ended by SIGTERM"
    with Client(room, "a client that stays") as client:
        client.send(talk.replace(b"N", b"stays"))
        process = server.ask_to_stop()
        try:
            status = process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            raise Broken("SIGTERM", f"still running after {STOP_LIMIT:g} s", due) from None
        finally:
            server.stop()
    if status not in ORDERLY:
        raise Broken("SIGTERM", f"an end with status {status}", due)


PROMISES: tuple[tuple[Callable[[bytes, Room], None], str, str, str], ...] = (
    (
        no_leak,
        "no-leak",
        "after connections have gone no thread and no descriptor is kept",
        "Close the socket in a finally, in every way out of the thread.",
    ),
    (
        bounded_memory,
        "bounded-memory",
        "a client that sends and never reads costs bounded memory",
        "Bound what waits for a client (lines and bytes), or stop reading from it.",
    ),
    (
        stops,
        "stops",
        "SIGTERM ends the server, with clients connected",
        "Handle SIGTERM: stop accepting, close connections, join threads, exit with 0.",
    ),
)


def checks(talk: bytes) -> list[Check]:
    """The checks for a protocol in which a visitor says `talk` (N: its number)."""
    return [
        Check(name, Level.STRONG, promise, advice, functools.partial(run, talk))
        for run, name, promise, advice in PROMISES
    ]

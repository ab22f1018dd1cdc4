"""Does the server keep anything of connections that have gone, and of lines that were said?

Looked at from outside with psutil, so only where we started the server. What grows once is no
leak: a pool of threads fills, an allocator and a collector of garbage keep what was freed. So what
looks too much is made to grow again and again, twice as far each time; only what grows each time
by its share is kept for ever.
"""

from __future__ import annotations

import contextlib
import functools
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psutil

from portable_harness.check.chat_room import members
from portable_harness.check.conversation import Client
from portable_harness.check.model import Broken, Check, Level, NotApplicable, OutOfTime, Room
from portable_harness.check.processes import children

LOOK_EVERY = 0.05  # seconds
SPARE = 5  # descriptors, threads or processes that a server may keep for itself
TURNS = 3  # times that something must grow, twice as far each time
KINDS_OF_VISIT = 6
MEBIBYTE = 1 << 20
MEMORY = 64 * MEBIBYTE  # bytes that it may grow by: allocators keep what was freed
FLOOD = 15.0  # seconds
KEPT = 12 * MEBIBYTE  # bytes of lines in the first turn
LINES = 50  # said before they are waited for: no queue has to hold more


@dataclass(frozen=True)
class Footprint:
    """What a process tree holds."""

    descriptors: int
    threads: int
    processes: int  # those that have ended and were not waited for are among them


def footprint(process: psutil.Process) -> Footprint:
    """Of a process and its children."""
    descriptors = threads = 0
    tree = [process, *children(process)]
    for member in tree:
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            descriptors += member.num_fds()
            threads += member.num_threads()
    return Footprint(descriptors, threads, len(tree))


def memory(process: psutil.Process) -> int:
    """The bytes that a process and its children hold.

    Of a JVM those that live: it takes as much as it may before it collects what is dead.

    :raises NotApplicable: for a JVM that cannot be asked
    """
    held = 0
    for member in [process, *children(process)]:
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            is_jvm = Path(member.exe()).stem == "java"
            held += _alive_in_jvm(member) if is_jvm else member.memory_info().rss
    return held


def _alive_in_jvm(process: psutil.Process) -> int:
    """The bytes of all objects after a full collection, which the histogram brings about."""
    tool = shutil.which("jcmd", path=str(Path(process.exe()).parent)) or shutil.which("jcmd")
    if tool:
        with contextlib.suppress(subprocess.SubprocessError, OSError):
            words = [tool, str(process.pid), "GC.class_histogram"]
            done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=True)
            if found := re.search(r"^Total +\d+ +(\d+)", done.stdout, re.MULTILINE):
                return int(found[1])
    raise NotApplicable("only its JDK's jcmd reports what lives in a JVM, and it is not here")


def _process(room: Room) -> psutil.Process:
    process = room.server.process
    if process is None:
        raise NotApplicable("the server was not started by this command")
    return process


def _settles(room: Room, what: str, allowed: int) -> int:
    """How many of them there are in the end; returns as soon as no more than allowed."""
    deadline = time.monotonic() + room.patience
    process = _process(room)
    while room.left():
        count: int = getattr(footprint(process), what)
        if count <= allowed or time.monotonic() > deadline:
            return count
        time.sleep(LOOK_EVERY)
    raise OutOfTime


def _visit(room: Room, count: int, talk: bytes) -> None:
    """Connections that come and go in every way: with and without talk, whole, half and refused."""
    for number in range(count):
        said = (talk.replace(b"N", b"%d" % number), b"", b"half", b"no name\n")
        with Client(room, f"visitor {number}") as client:
            words = said[max(0, number % KINDS_OF_VISIT - 2)]
            client.send(words)
            if number % 2 and words:  # nothing said: an echo has nothing to answer
                with contextlib.suppress(Broken):
                    client.available("an answer")
            (client.close, client.half_close, client.reset)[number % 3]()


def no_leak(talk: bytes, room: Room) -> None:
    """Visit often; then as many descriptors, threads and processes as before."""
    _process(room)
    _visit(room, KINDS_OF_VISIT, talk)  # what is made once on first use
    count = 60 if room.quick else 150
    for what in ("descriptors", "threads", "processes"):
        before: int = getattr(footprint(_process(room)), what)
        allowed, visits = before + SPARE, count
        for turn in range(TURNS):
            _visit(room, visits, talk)
            after = _settles(room, what, allowed)
            if after <= allowed:
                break
            if turn == TURNS - 1:
                came = f"{after - before} more {what} than before, the longer the more"
                due = f"as many as before (up to {SPARE} more)"
                raise Broken(f"{visits} connections that came and went", came, due)
            visits *= 2
            allowed = after + visits // (2 * KINDS_OF_VISIT)  # one way to go of six, half of them


def bounded_memory(talk: bytes, room: Room) -> None:
    """Send three times the limit, as far as it is taken in time, and read nothing."""
    before = memory(_process(room))
    size = 100_000 if room.quick else 1_000_000
    sent, grown = 0, 0
    with Client(room, "a flood", small_buffer=True) as client:
        client.send(talk.replace(b"N", b"flood"))
        client.socket.settimeout(2.0)
        for turn in range(TURNS):
            more = _flood(client, size, (3 << turn) * MEMORY)
            now = memory(_process(room)) - before
            if now <= MEMORY or now - grown < more // 2:
                return
            sent, grown = sent + more, now
    came = f"{grown // MEBIBYTE} MiB more memory"
    raise Broken(
        f"{sent // MEBIBYTE} MiB without an end", came, f"at most {MEMORY // MEBIBYTE} MiB more"
    )


def _flood(client: Client, size: int, most: int) -> int:
    """How many bytes were taken."""
    sent = 0
    deadline = time.monotonic() + FLOOD
    with contextlib.suppress(OSError):
        while sent < most and time.monotonic() < deadline:
            client.socket.sendall(b"x" * size)
            sent += size
    return sent


def keeps_nothing(room: Room) -> None:
    """Say lines, each received before the next ones are said; memory must not grow with them."""
    _process(room)
    with members(room, "ann", "bob") as (ann, bob):
        said = KEPT
        _say(room, ann, bob, said)  # buffers, heaps and pools grow to their size
        for _ in range(TURNS):
            before = memory(_process(room))
            _say(room, ann, bob, said)
            grown = memory(_process(room)) - before
            if grown < said // 2:
                return
            said *= 2
    came = f"{grown // MEBIBYTE} MiB more memory"
    raise Broken(f"{said // 2 // MEBIBYTE} MiB of lines, all delivered", came, "nothing is kept")


def _say(room: Room, ann: Client, bob: Client, size: int) -> None:
    text = b"x" * 999
    for _ in range(size // (LINES * len(text))):
        ann.send((text + b"\n") * LINES)
        first = bob.line(f"{LINES} lines")
        while not first.rstrip().endswith(text):  # leaves may be announced late
            first = bob.line(f"{LINES} lines")
        bob.exactly((LINES - 1) * len(first), f"{LINES} lines")


PROMISES: tuple[tuple[Callable[[bytes, Room], None], str, str, str], ...] = (
    (
        no_leak,
        "no-leak",
        "after connections have gone no thread, descriptor or process is kept",
        "Close the socket in a finally, in every way out of the thread; wait for what has ended.",
    ),
    (
        bounded_memory,
        "bounded-memory",
        "a client that sends and never reads costs bounded memory",
        "Bound what waits for a client (lines and bytes), or stop reading from it.",
    ),
)
KEEPS_NOTHING = Check(
    "keeps-nothing",
    Level.STRONG,
    "what has been delivered is not kept",
    "Forget a line when its last receiver has it.",
    keeps_nothing,
)


def checks(talk: bytes) -> list[Check]:
    """The checks for a protocol in which a visitor says `talk` (N: its number)."""
    return [
        Check(name, Level.STRONG, promise, advice, functools.partial(run, talk))
        for run, name, promise, advice in PROMISES
    ]

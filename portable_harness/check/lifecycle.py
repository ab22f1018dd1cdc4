"""The server as a process: how it accepts, rests, stops, and starts again.

Only where we started the server, for a stranger's process is not ours to stop.
"""

from __future__ import annotations

import contextlib
import functools
import signal
import socket
import subprocess
import time
from collections.abc import Callable

from portable_harness.base.errors import Problem
from portable_harness.check.conversation import Client
from portable_harness.check.model import Broken, Check, Level, NotApplicable, Room
from portable_harness.check.processes import all_asleep, stopped
from portable_harness.check.server import StartedServer

STOP_LIMIT = 15.0  # seconds
ORDERLY = (0, -signal.SIGTERM, 128 + signal.SIGTERM)  # the last: Java, shells
LOOKS, LOOK_EVERY = 40, 0.02  # looks at the threads of an idle server in a window; seconds
WAITING = 10  # connections that ask while the server is stopped
FEW = 2  # so few of them accepted: the backlog is 0 or 1


def _server(room: Room) -> StartedServer:
    if not isinstance(room.server, StartedServer) or room.server.process is None:
        raise NotApplicable("the server was not started by this command")
    return room.server


def backlog(talk: bytes, room: Room) -> None:
    """Ask for connections while the server does not run: the kernel accepts as many as it may."""
    server = _server(room)
    with contextlib.ExitStack() as stack, stopped(server.process):
        accepted = 0
        for _ in range(WAITING):
            with contextlib.suppress(OSError):
                stack.enter_context(socket.create_connection(server.address, 0.3))
                accepted += 1
            if accepted > FEW:
                return
    came = f"{accepted} accepted"
    raise Broken(f"{WAITING} connections at the same moment", came, f"more than {FEW}")


def gone_before_accept(talk: bytes, room: Room) -> None:
    """Connections that are reset before the server can accept them, then one that stays."""
    own = isinstance(room.server, StartedServer) and room.server.process is not None
    with stopped(_server(room).process) if own else contextlib.nullcontext():
        for number in range(5 if own else 30):
            with Client(room, f"client {number} that goes at once") as client:
                client.reset()
    with Client(room, "a client after resets") as client:
        client.send(talk.replace(b"N", b"after"))
        client.line("an answer, though others were gone before they were accepted")


def idle(talk: bytes, room: Room) -> None:
    """While nobody says anything no thread wants the processor all the time."""
    process = _server(room).process
    with Client(room, "a client that is silent") as client:
        client.send(talk.replace(b"N", b"idle"))
        client.line("an answer")
        deadline = time.monotonic() + room.patience
        busy = LOOKS
        while busy > LOOKS // 2 and room.left():
            if time.monotonic() > deadline or process is None:
                came = f"a thread that ran in {busy} of {LOOKS} looks"
                raise Broken("nothing, for a while", came, "a server that sleeps")
            busy = 0
            for _ in range(LOOKS):
                asleep = all_asleep(process)
                if asleep is None:
                    raise NotApplicable("the states of threads cannot be seen here")
                busy += not asleep
                time.sleep(LOOK_EVERY)


def stops(talk: bytes, room: Room) -> None:
    """Ask the server to stop while a client is connected."""
    server = _server(room)
    due = "an end with status 0, or that of a program ended by SIGTERM"
    try:
        with Client(room, "a client that stays") as client:
            client.send(talk.replace(b"N", b"stays"))
            process = server.ask_to_stop()
            try:
                status = process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                raise Broken("SIGTERM", f"still running after {STOP_LIMIT:g} s", due) from None
        if status not in ORDERLY:
            raise Broken("SIGTERM", f"an end with status {status}", due)
        _nothing_left(server)
    finally:
        server.stop()


def _nothing_left(server: StartedServer) -> None:
    """What it started must end too, now that nobody is connected any more."""
    deadline = time.monotonic() + STOP_LIMIT
    while left := server.left_over():
        if time.monotonic() > deadline:
            came = f"{len(left)} processes that it had started still run (pid {left[0].pid})"
            raise Broken("SIGTERM", came, "an end of all of them")
        time.sleep(LOOK_EVERY)


def restarts(talk: bytes, room: Room) -> None:
    """End it while clients are connected, start it again at the same port at once."""
    server = _server(room)
    if not server.takes_port:
        raise NotApplicable("the port is not on the command line")
    port = server.address[1]
    with Client(room, "a client that stays") as client:
        client.send(talk.replace(b"N", b"stays"))
        client.line("an answer")
        server.ask_to_stop()
        server.stop()
        client.to_the_end("the end of the connection")
    try:
        server.start_at(port)
    except Problem as problem:
        due = "a server that listens at its port again"
        raise Broken("a second start at the same port", problem.message, due) from None


PROMISES: tuple[tuple[Callable[[bytes, Room], None], Level, str, str, str], ...] = (
    (
        gone_before_accept,
        Level.REQUIRED,
        "gone-at-once",
        "connections that are reset before they are accepted end nothing but themselves",
        "Ask a new socket for nothing (getpeername) in the loop that accepts: it may be gone.",
    ),
    (
        backlog,
        Level.STRONG,
        "backlog",
        "some who connect at the same moment need not connect again",
        "Give listen a backlog of 100 or more.",
    ),
    (
        idle,
        Level.STRONG,
        "idle",
        "a server with nothing to do does nothing",
        "Wait in recv, in a selector or for a condition; do not ask again and again.",
    ),
    (
        stops,
        Level.STRONG,
        "stops",
        "SIGTERM ends the server and all that it started, with clients connected",
        "Handle SIGTERM: stop accepting, close connections, join threads, exit with 0.",
    ),
    (
        restarts,
        Level.STRONG,
        "restarts",
        "a server that was ended can be started again at the same port at once",
        "Set SO_REUSEADDR before bind: old connections keep the port for a minute else.",
    ),
)


def checks(talk: bytes) -> list[Check]:
    """The checks for a protocol in which a visitor says `talk` (N: its number)."""
    return [
        Check(name, level, promise, advice, functools.partial(run, talk))
        for run, level, name, promise, advice in PROMISES
    ]

"""Whose fault is it? The server is looked at after each check, and the check is charged.

A server that breaks when the clients of a check leave would be found broken by the next check,
with that one's advice. So after each check that it passed, the server is looked at: does its
process live, is it quiet, does it still answer, have the check's members gone? What does not hold
then, and does hold with a fresh server, is a failure of the check that has just run.

The other way round, a check that fails on a server that has been through other checks is run again
on a fresh one. Where it passes there the report says after which checks it failed.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace

from portable_harness.check.conversation import Client
from portable_harness.check.dialect import join
from portable_harness.check.model import Broken, OutOfTime, Room
from portable_harness.check.processes import settle
from portable_harness.check.server import StartedServer
from portable_harness.check.transcript import Transcript

LOOKERS = 20_000  # added to the serial number of a check: the names of those who look
GONE = "when the clients of this check had gone"
LOOK_EVERY = 0.05  # seconds
QUIET = 2.0  # seconds until a server that never sleeps is not waited for any longer


def _chat(room: Room, serial: int) -> None:
    """Somebody comes and reads who is there, until the members of the last check have gone."""
    deadline = time.monotonic() + room.left()
    for number in range(10_000):
        with Client(room, "one who comes after the check") as client:
            listed = join(room, client, room.name(f"see{number}"))
        there = room.names_in(listed, serial)
        if not there:
            return
        if time.monotonic() > deadline:
            if room.left() < room.patience:
                raise OutOfTime
            raise client.broken(f"{', '.join(there[:3])} still there", "a list without them")
        time.sleep(LOOK_EVERY)


def _echo(room: Room, serial: int) -> None:
    with Client(room, "one who comes after the check") as client:
        client.send(b"hello\n")
        client.exactly(6, "b'hello\\n'")


LOOKS: dict[str, Callable[[Room, int], None]] = {"chat": _chat, "echo": _echo}


def has_ended(room: Room) -> bool:
    """Whether the process of a server that we started has ended, or is about to."""
    if not isinstance(room.server, StartedServer):
        return False
    settle(room.server.process, QUIET)
    return room.server.process is None


def look(room: Room, protocol: str) -> Broken | None:
    """What is wrong with the server now; None where it is as before."""
    if has_ended(room):
        due = "a server that runs on when the clients of this check have gone"
        return Broken(room.transcript.last_done, "the end of the server's process", due)
    if protocol not in LOOKS:
        return None
    try:
        LOOKS[protocol](_looker(room), room.serial)
    except Broken as found:
        came = f"{found.came}, for one who came {GONE}"
        if has_ended(room):
            came = "the end of the server's process, when the next client came"
        return Broken(room.transcript.last_done, came, f"after the check as before it: {found.due}")
    return None


def is_in_order(room: Room, protocol: str) -> bool:
    """Whether a fresh server stands the look: else it says nothing about a check."""
    with contextlib.suppress(Broken):
        if protocol in LOOKS:
            LOOKS[protocol](_looker(room), -1)
        return True
    return False


def _looker(room: Room) -> Room:
    """The room of those who look after a check: under names of their own, and not recorded."""
    return replace(room, serial=room.serial + LOOKERS, transcript=Transcript())

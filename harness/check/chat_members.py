"""The checks of a chat (Budget Chat): who comes, who goes, who is let in."""

from __future__ import annotations

import contextlib
import re

from harness.check.chat_room import hears, is_refused, members, told
from harness.check.conversation import Client
from harness.check.dialect import STANDARD, join, learn, next_text
from harness.check.model import Broken, Checklist, Level, Room

checks = Checklist()
REQUIRED, STRONG, INFORMATIONAL = Level.REQUIRED, Level.STRONG, Level.INFORMATIONAL


@checks(
    REQUIRED, "greeting", "who connects is asked for a name",
    "Send one line before the first recv, and send it at once.",
)  # fmt: skip
def greeting(room: Room) -> None:
    with Client(room) as client:
        due = "a greeting line that asks for a name"
        if not client.line(due).strip():
            raise client.broken("an empty line", due)


@checks(
    REQUIRED, "join", "a new member is told who is there, and the others that it came",
    "List the others before you add the new one; tell the others, not the new one.",
)  # fmt: skip
def joining(room: Room) -> None:
    with Client(room, "ann") as ann, Client(room, "bob") as bob, Client(room, "cy") as cy:
        alone = join(room, ann, room.name("ann"))
        if room.name("ann") in alone:
            raise ann.broken(repr(alone), "a list without the new member itself")
        _lists(room, bob, join(room, bob, room.name("bob")), "ann", "bob")
        told(room, ann, "bob")
        _lists(room, cy, join(room, cy, room.name("cy")), "ann bob", "cy")
        told(room, ann, "cy")
        told(room, bob, "cy")


def _lists(room: Room, client: Client, line: str, there: str, not_there: str) -> None:
    words = set(re.findall("[A-Za-z0-9]+", line))
    here = {room.name(name) for name in there.split()}
    if not here <= words or room.name(not_there) in words:
        due = f"a list with {', '.join(sorted(here))} and without {room.name(not_there)}"
        raise client.broken(repr(line), due)


@checks(
    REQUIRED, "storm", "a storm of connections is let in, and talks",
    "Give listen a backlog of 100 or more, and accept without waiting for a client.",
)  # fmt: skip
def storm(room: Room) -> None:
    with contextlib.ExitStack() as stack:
        count = 30 if room.quick else 150
        clients = [
            stack.enter_context(Client(room, f"client {n} of the storm")) for n in range(count)
        ]
        for number, client in enumerate(clients):
            client.send(room.name(f"c{number}").encode() + b"\n")
        first = clients[0]
        waiting = {room.name(f"c{number}") for number in range(1, count)}
        first.line("a greeting")
        listed = next_text(room, first, "the list of members", listing=True)
        waiting -= set(re.findall("[A-Za-z0-9]+", listed))
        while waiting:
            line = next_text(room, first, f"notices of {len(waiting)} more members")
            waiting -= set(re.findall("[A-Za-z0-9]+", line))


@checks(
    REQUIRED, "long-name", "a name of 16 letters and digits is allowed",
    "Allow at least 16 characters, upper and lower case, digits.",
)  # fmt: skip
def long_name(room: Room) -> None:
    base = "aB3dE6gH9jK2mN5p"[: 16 - len(room.tag)]
    with members(room, "bob") as (bob,), Client(room, "one with a long name") as client:
        join(room, client, room.name(base))
        told(room, bob, base)


@checks(
    REQUIRED, "bad-name", "an empty name or one that is not alphanumeric is refused, untold",
    "Check the name before anybody is told, then close the connection.",
)  # fmt: skip
def bad_name(room: Room) -> None:
    with members(room, "bob") as (bob,):
        for name in (b"", b"two words", b"semi;colon", b"dash-ed"):
            with Client(room, f"one who says {name!r}") as client:
                client.line("a greeting")
                client.send(name + b"\n")
                is_refused(client, f"the name {name!r}")
        _nothing_else_came(room, bob)


@checks(
    STRONG, "bad-name-line", "a refused name gets one line that starts with !",
    "Say why before you close.",
)  # fmt: skip
def bad_name_line(room: Room) -> None:
    with Client(room) as client:
        client.line("a greeting")
        client.send(b"two words\n")
        came = is_refused(client, "the name")
        if not came.startswith(b"!") or came.count(b"\n") != 1:
            raise client.broken(repr(came[:200]), "one line that starts with !, then the end")


@checks(
    STRONG, "name-in-use", "a name that is in use is refused",
    "Look for the name and add it under one lock.",
)  # fmt: skip
def name_in_use(room: Room) -> None:
    with members(room, "ann", "bob") as (_, bob):
        with Client(room, "a second ann") as client:
            client.line("a greeting")
            client.send(room.name("ann").encode() + b"\n")
            is_refused(client, "a name in use")
        _nothing_else_came(room, bob)


def _nothing_else_came(room: Room, bob: Client) -> None:
    """The next thing that bob hears of is somebody who surely joins."""
    with Client(room, "zoe") as zoe:
        join(room, zoe, room.name("zoe"))
        told(room, bob, "zoe", "a notice that zoe joined, and nothing before it")
        zoe.close()
        told(room, bob, "zoe", "a notice that zoe left")


@checks(
    REQUIRED, "leave", "a leave is told however it comes: close, half-close, reset",
    "An error of recv is an end like b''; tell it in a finally.",
)  # fmt: skip
def leaving(room: Room) -> None:
    with members(room, "bob") as (bob,):
        for how in ("close", "half_close", "reset"):
            name = how.replace("_", "")
            with Client(room, name) as client:
                join(room, client, room.name(name))
                told(room, bob, name)
                getattr(client, how)()
                told(room, bob, name, f"a notice that {name} left")


@checks(
    REQUIRED, "ghost", "a connection that never joined is never mentioned, and is told nothing",
    "Add a connection to the room when its name has been accepted, not before.",
)  # fmt: skip
def ghost(room: Room) -> None:
    with members(room, "ann", "bob") as (ann, bob), Client(room, "one without a name") as silent:
        silent.line("a greeting")
        with Client(room, "one that goes") as gone:
            gone.line("a greeting")
            gone.send(b"halfAName")
            gone.close()
        ann.send(b"anybody?\n")
        hears(room, bob, "ann", "anybody?")
        bob.send(b"only me\n")
        hears(room, ann, "bob", "only me")
        silent.send(room.name("late").encode() + b"\n")
        due = "the list of members, and no talk before it"
        answer = next_text(room, silent, due, listing=True)
        if not answer.startswith("*"):
            raise silent.broken(repr(answer), due)


@checks(
    REQUIRED, "silent-clients", "clients that say nothing do not keep others waiting",
    "Give each connection a thread (or a selector's turn) of its own before the greeting.",
)  # fmt: skip
def silent_clients(room: Room) -> None:
    with contextlib.ExitStack() as stack:
        for number in range(10 if room.quick else 50):
            stack.enter_context(Client(room, f"silent client {number}"))
        with members(room, "ann", "bob") as (ann, bob):
            ann.send(b"hello\n")
            hears(room, bob, "ann", "hello")


@checks(
    INFORMATIONAL, "words", "notices have the example's words",
    "The words are free; these are the ones of the protocol's example session.",
)  # fmt: skip
def words(room: Room) -> None:
    found = learn(room)
    if found != STANDARD:
        came = f"{found.entered.pattern!r}, {found.left.pattern!r}, {found.before_list!r}"
        raise Broken("joins and leaves", came, "'* NAME has entered the room' and the like")

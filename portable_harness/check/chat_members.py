"""The checks of a chat (Budget Chat): who comes, who goes, who is let in."""

from __future__ import annotations

import contextlib
import time

from portable_harness.check.chat_room import expect_line, expect_notice, is_refused, lists, members
from portable_harness.check.conversation import Client
from portable_harness.check.dialect import STANDARD, join, learn, next_text
from portable_harness.check.model import Broken, Checklist, Level, Room

checks = Checklist()
REQUIRED, STRONG, INFORMATIONAL = Level.REQUIRED, Level.STRONG, Level.INFORMATIONAL
LOOK_EVERY = 0.05  # seconds
TAB = 9  # no character of a text is below
BAD_NAMES = (b"", b"  ", b"two words", b"semi;colon", b"under_score", b"[it]", b"dash-ed")


@checks(
    REQUIRED, "greeting", "who connects is asked for a name",
    "Send one line before the first recv, and send it at once.",
)  # fmt: skip
def greeting(room: Room) -> None:
    with Client(room) as client:
        due = "a greeting line that asks for a name"
        line = client.line(due)
        if not line.strip():
            raise client.broken("an empty line", due)
        if any(byte < TAB for byte in line):
            raise client.broken(f"{line[:40]!r}, which is no text", due)


@checks(
    REQUIRED, "join", "a new member is told who is there, and the others that it came",
    "List the others before you add the new one; tell the others, not the new one.",
)  # fmt: skip
def joining(room: Room) -> None:
    with Client(room, "ann") as ann, Client(room, "bob") as bob, Client(room, "cy") as cy:
        alone = join(room, ann, room.name("ann"))
        if room.name("ann") in alone:
            raise ann.broken(repr(alone), "a list without the new member itself")
        lists(room, bob, join(room, bob, room.name("bob")), "ann", "bob")
        expect_notice(room, ann, "bob")
        lists(room, cy, join(room, cy, room.name("cy")), "ann bob", "cy")
        expect_notice(room, ann, "cy")
        expect_notice(room, bob, "cy")


@checks(
    REQUIRED, "long-name", "a name of 16 letters and digits is allowed",
    "Allow at least 16 characters, upper and lower case, digits.",
)  # fmt: skip
def long_name(room: Room) -> None:
    base = "aB3dE6gH9jK2mN5p"[: 16 - len(room.tag)]
    with members(room, "bob") as (bob,), Client(room, "one with a long name") as client:
        join(room, client, room.name(base))
        expect_notice(room, bob, base)


@checks(
    REQUIRED, "bad-name", "an empty name or one that is not alphanumeric is refused, untold",
    "Check the name before anybody is told, then close the connection.",
)  # fmt: skip
def bad_name(room: Room) -> None:
    with members(room, "bob") as (bob,):
        for name in BAD_NAMES:
            with Client(room, f"one who says {name!r}") as client:
                client.line("a greeting")
                client.send(name + b"\n")
                is_refused(client, f"the name {name!r}", room.name("bob"))
        _nothing_else_came(room, bob, "bob", refused="dash-ed")


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
    STRONG, "name-in-use", "a name that is in use is refused, and its holder notices nothing",
    "Look for the name and add it under one lock; remove only what you have added.",
)  # fmt: skip
def name_in_use(room: Room) -> None:
    with members(room, "ann", "bob") as (ann, bob):
        with Client(room, "a second ann") as client:
            client.line("a greeting")
            client.send(room.name("ann").encode() + b"\n")
            is_refused(client, "a name in use", room.name("bob"))
        bob.send(b"still there?\n")
        expect_line(room, ann, "bob", "still there?")
        ann.send(b"I am\n")
        expect_line(room, bob, "ann", "I am")
        _nothing_else_came(room, bob, "ann bob")


def _nothing_else_came(room: Room, bob: Client, there: str, refused: str = "") -> None:
    """The next thing that bob hears of is somebody who surely joins, and who is told the truth."""
    with Client(room, "zoe") as zoe:
        listed = join(room, zoe, room.name("zoe"))
        expect_notice(room, bob, "zoe", "a notice that zoe joined, and nothing before it")
        found = sorted(room.names_in(listed))
        others = found != sorted(room.name(name) for name in there.split())
        if others or (refused and refused in listed):
            raise zoe.broken(repr(listed), f"a list of {there} only")
        zoe.close()
        expect_notice(room, bob, "zoe", "a notice that zoe left")


@checks(
    REQUIRED, "rejoin", "who has left is no longer listed, and the name can be had again",
    "Take a member out of the room, and out of the names, when it leaves.",
)  # fmt: skip
def rejoin(room: Room) -> None:
    with members(room, "bob") as (bob,):
        for number in range(3):
            with _comes_back(room, f"Ann the {number + 1}.") as ann:
                expect_notice(room, bob, "Ann")
                ann.send(b"back again\n")
                expect_line(room, bob, "Ann", "back again")
                ann.close()
                expect_notice(room, bob, "Ann", "a notice that Ann left")
        _is_not_listed(room, bob)


def _comes_back(room: Room, who: str) -> Client:
    """Join as Ann; again and again for a while: her leave may be told before she is taken out."""
    deadline = time.monotonic() + room.patience
    while True:
        client = Client(room, who)
        try:
            join(room, client, room.name("Ann"))
        except Broken:
            client.close()
            if time.monotonic() > deadline:
                raise
        else:
            return client
        time.sleep(LOOK_EVERY)


def _is_not_listed(room: Room, bob: Client) -> None:
    """Somebody comes, and again for a while, until Ann is not in the list any more."""
    deadline = time.monotonic() + room.patience
    number = 0
    while True:
        name = f"cy{number}"
        with Client(room, name) as cy:
            listed = join(room, cy, room.name(name))
            expect_notice(room, bob, name)
            cy.close()
            expect_notice(room, bob, name, f"a notice that {name} left")
            if room.name("Ann") not in listed or time.monotonic() > deadline:
                lists(room, cy, listed, "bob", "Ann")
                return
        number += 1
        time.sleep(LOOK_EVERY)


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
                expect_notice(room, bob, name)
                getattr(client, how)()
                expect_notice(room, bob, name, f"a notice that {name} left")


@checks(
    REQUIRED, "ghost", "a connection that never joined is never mentioned, and is told nothing",
    "Add a connection to the room when its name has been accepted, not before.",
)  # fmt: skip
def ghost(room: Room) -> None:
    with members(room, "ann", "bob") as (ann, bob), Client(room, "one without a name") as silent:
        silent.line("a greeting")
        for how in ("close", "half_close", "reset"):
            with Client(room, "one that goes") as gone:
                gone.line("a greeting")
                getattr(gone, how)()
        ann.send(b"anybody?\n")
        expect_line(room, bob, "ann", "anybody?")
        bob.send(b"only me\n")
        expect_line(room, ann, "bob", "only me")
        silent.send(room.name("late").encode() + b"\n")
        due = "the list of members, and no talk before it"
        answer = next_text(room, silent, due, listing=True)
        if not answer.startswith("*"):
            raise silent.broken(repr(answer), due)


@checks(
    STRONG, "half-a-name", "who goes with half a name never joins",
    "What has no newline when recv returns b'' is no name.",
)  # fmt: skip
def half_a_name(room: Room) -> None:
    with members(room, "bob") as (bob,):
        for how in ("close", "half_close"):
            with Client(room, "one that goes") as gone:
                gone.line("a greeting")
                gone.send(room.name("half").encode())
                getattr(gone, how)()
                if how == "half_close":
                    gone.to_the_end("the end of the connection")
        _nothing_else_came(room, bob, "bob")


@checks(
    REQUIRED, "many-visits", "who came and went without a name, or was refused, takes no place",
    "Count a connection's place free in a finally, whether it has joined or not.",
)  # fmt: skip
def many_visits(room: Room) -> None:
    with members(room, "bob"):
        for number in range(150 if room.quick else 600):
            with Client(room, f"visitor {number}") as client:
                client.line("a greeting")
                client.send(b"no name\n") if number % 2 else client.half_close()
                client.to_the_end("the end of the connection")  # ten at a time are enough
        with members(room, "ann", "cy") as (ann, cy):
            ann.send(b"hello\n")
            expect_line(room, cy, "ann", "hello")


@checks(
    REQUIRED, "silent-clients", "clients that say nothing do not keep others waiting",
    "Give each connection a thread (or a selector's turn) of its own before the greeting.",
)  # fmt: skip
def silent_clients(room: Room) -> None:
    with contextlib.ExitStack() as stack:
        for number in range(6):  # fewer than ten, which every server must take, with the two
            stack.enter_context(Client(room, f"silent client {number}"))
        with members(room, "ann", "bob") as (ann, bob):
            ann.send(b"hello\n")
            expect_line(room, bob, "ann", "hello")


@checks(
    INFORMATIONAL, "words", "notices have the example's words",
    "The words are free; these are the ones of the protocol's example session.",
)  # fmt: skip
def words(room: Room) -> None:
    found = learn(room)
    if found != STANDARD:
        came = f"{found.entered.pattern!r}, {found.left.pattern!r}, {found.before_list!r}"
        raise Broken("joins and leaves", came, "'* NAME has entered the room' and the like")

"""The checks of a chat (Budget Chat): which names there are, and what a connection begins with."""

from __future__ import annotations

import contextlib
import re

from portable_harness.check.chat_room import expect_line, expect_notice, is_refused, members
from portable_harness.check.conversation import Client
from portable_harness.check.dialect import join, next_text, notice
from portable_harness.check.model import Broken, Checklist, Level, Room

checks = Checklist()
REQUIRED, STRONG = Level.REQUIRED, Level.STRONG
PLAIN = ("q", "Z", "7", "0", "20", "4711", "1st", "UPPER", "None")  # without a tag of ours


@checks(
    REQUIRED, "plain-names", "one character is a name, digits are, and no word is reserved",
    "A name is good when it has 1 to 16 characters, all of them letters or digits.",
)  # fmt: skip
def plain_names(room: Room) -> None:
    with members(room, "bob") as (bob,):
        for name in PLAIN:  # each has left before the next check begins: it cannot be told stale
            with Client(room, f"one who says {name!r}") as client:
                join(room, client, name)
                notice(room, bob, name, f"a notice that {name} joined")
                client.send(b"hello\n")
                line = next_text(room, bob, due := f"[{name}] hello")
                if line != due:
                    raise bob.broken(repr(line), due)
                client.close()
                notice(room, bob, name, f"a notice that {name} left")


@checks(
    REQUIRED, "similar-names", "who has a part of another's name is somebody else",
    "Compare names, or better connections, as a whole: do not look for one name in another text.",
)  # fmt: skip
def similar_names(room: Room) -> None:
    short = room.name("an")
    names = (
        room.use(f"jo{short}"),
        room.name(short),
        short,
        room.name("n"),
    )  # each has the last in it
    with contextlib.ExitStack() as stack:
        clients: list[Client] = []
        for name in names:
            client = stack.enter_context(Client(room, name))
            join(room, client, name)
            for other in clients:
                notice(room, other, name, f"a notice that {name} joined")
            clients.append(client)
        for speaker, name in zip(clients, names, strict=True):
            speaker.send(b"I am " + name.encode() + b"\n")
            due = f"[{name}] I am {name}"
            for other in clients:
                if other is not speaker and (line := next_text(room, other, due)) != due:
                    raise other.broken(repr(line), due)


@checks(
    REQUIRED, "fresh-start", "nothing of a connection that has ended comes up in the next one",
    "Keep buffer and name in the connection's own object; do not find them by a descriptor.",
)  # fmt: skip
def fresh_start(room: Room) -> None:
    with members(room, "bob") as (bob,):
        for number in range(3):
            before, after = f"old{number}", f"new{number}"
            with Client(room, "one that goes in the middle of its name") as gone:
                gone.line("a greeting")
                gone.send(b"half-")  # no name, for who takes it for one
                gone.half_close()
                gone.to_the_end("the end of the connection")
            with Client(room, "one that goes in the middle of a line") as gone:
                join(room, gone, room.name(before))
                expect_notice(room, bob, before)
                gone.send(b"half a li")
                gone.close()
                _until_gone(room, bob, before)
            with Client(room, "the next one") as client:
                join(room, client, room.name(after))
                expect_notice(room, bob, after)
                client.send(b"hello\n")
                expect_line(room, bob, after, "hello")
                client.close()
                expect_notice(room, bob, after)


def _until_gone(room: Room, bob: Client, name: str) -> None:
    """Whether half a line is said when its sender goes is a check of its own (partial-line)."""
    due = f"a notice that {room.name(name)} left"
    line = next_text(room, bob, due)
    if line.startswith(f"[{room.name(name)}]"):
        line = next_text(room, bob, due)
    if not line.startswith("*") or room.name(name) not in line:
        raise bob.broken(repr(line), due)


@checks(
    REQUIRED, "no-past", "what was said before somebody joined is not said to it",
    "A member hears what is said from its join on; keep no lines for those who come later.",
)  # fmt: skip
def no_past(room: Room) -> None:
    with members(room, "ann", "bob") as (ann, bob):
        for number in range(3):
            ann.send(b"before %d\n" % number)
            expect_line(room, bob, "ann", f"before {number}")
        with Client(room, "one who comes later") as late:
            join(room, late, room.name("late"))
            for other in (ann, bob):
                expect_notice(room, other, "late")
            ann.send(b"after\n")
            expect_line(room, late, "ann", "after")
            expect_line(room, bob, "ann", "after")


@checks(
    STRONG, "nameless", "who has not said its name is no part of the list of members",
    "List those whose names have been accepted, not the connections.",
)  # fmt: skip
def nameless(room: Room) -> None:
    with members(room, "ann", "bob") as (ann, bob):
        with contextlib.ExitStack() as stack:
            for number in range(3):
                silent = stack.enter_context(Client(room, f"silent client {number}"))
                silent.line("a greeting")
            crowded = _listed(room, ann, bob)
        alone = _listed(room, ann, bob)
    if _shape(crowded) != _shape(alone):
        raise Broken("a name, with three silent clients", repr(crowded), f"the same as {alone!r}")


def _listed(room: Room, ann: Client, bob: Client) -> str:
    """The list that somebody gets who comes and goes."""
    with Client(room, "zoe") as zoe:
        listed = join(room, zoe, room.name("zoe"))
        for other in (ann, bob):
            expect_notice(room, other, "zoe", "a notice that zoe joined")
        zoe.close()
        for other in (ann, bob):
            expect_notice(room, other, "zoe", "a notice that zoe left")
    return listed


def _shape(listed: str) -> list[str]:
    """What a list consists of, without the order of its parts, and without any number in it.

    (A time of day, a count, a number of the list.)
    """
    return sorted(re.sub(r"\d+", "", listed).replace(",", " , ").split())


@checks(
    STRONG, "endless-name", "a name without an end is cut off, so that memory stays bounded",
    "The limit for a line is one for the name too.",
)  # fmt: skip
def endless_name(room: Room) -> None:
    with members(room, "bob"), Client(room, "one whose name has no end") as client:
        client.line("a greeting")
        size = 2_000_000 if room.quick else 20_000_000
        with contextlib.suppress(Broken):
            for _ in range(size // 100_000):
                client.send(b"x" * 100_000)
            client.send(b"\n")
        is_refused(client, f"a name of {size:,} bytes", room.name("bob"))

"""The checks of a chat (Budget Chat): odd names, names that are alike, last words, half words."""

from __future__ import annotations

import contextlib

from portable_harness.check.chat_room import expect_line, expect_notice, is_refused, members
from portable_harness.check.conversation import Client
from portable_harness.check.dialect import join, next_text, notice
from portable_harness.check.model import Broken, Checklist, Level, Room, has_name
from portable_harness.check.processes import settle

checks = Checklist()
REQUIRED, STRONG = Level.REQUIRED, Level.STRONG
ODD_NAMES = (b"\xff\xfe", b"caf\xc3\xa9", "имя".encode(), "名".encode(), b"n\x00l", b"\xe9t\xe9")


@checks(
    REQUIRED, "odd-name", "a name of other bytes than ASCII letters and digits is refused, untold",
    "Allow a-z, A-Z, 0-9 only: isalnum of text takes letters of every alphabet.",
)  # fmt: skip
def odd_name(room: Room) -> None:
    with members(room, "ann", "bob") as (ann, bob):
        for name in ODD_NAMES:
            with Client(room, f"one who says {name!r}") as client:
                client.line("a greeting")
                client.send(name + b"\n")
                is_refused(client, f"the name {name!r}", room.name("bob"))
        ann.send(b"and now?\n")
        expect_line(room, bob, "ann", "and now?")


@checks(
    REQUIRED, "case-names", "names that differ by case are two names",
    "Compare names as they are, or better connections: not their lower case.",
)  # fmt: skip
def case_names(room: Room) -> None:
    with members(room, "ann") as (ann,), Client(room, "Ann") as other:
        if _is_let_in(room, other, room.name("Ann")):
            notice(room, ann, room.name("Ann"), f"a notice that {room.name('Ann')} joined")
            ann.send(b"hello, Ann\n")
            expect_line(room, other, "ann", "hello, Ann")
            other.send(b"hello, ann\n")
            expect_line(room, ann, "Ann", "hello, ann")


def _is_let_in(room: Room, client: Client, name: str) -> bool:
    """Whether somebody with that name is a member now; refused is whose connection ends."""
    client.line("a greeting")
    client.send(name.encode() + b"\n")
    try:
        line = next_text(room, client, "the list of members, or a refusal", listing=True)
    except Broken:
        if client.ended:
            return False
        raise
    return line.startswith("*") and has_name(line, room.name("ann"))


@checks(
    REQUIRED, "second-user", "a name in use is refused, or both who have it are served",
    "Keep members by their connection, not by their name; or look for the name before you add it.",
)  # fmt: skip
def second_user(room: Room) -> None:
    """The protocol allows both: what this server does is found out, then held against it."""
    with members(room, "ann", "bob") as (ann, bob):
        with Client(room, "a second ann") as second:
            if _is_let_in(room, second, room.name("ann")):
                for other in (ann, bob):
                    expect_notice(room, other, "ann", "a notice that a second ann joined")
                bob.send(b"hello, both\n")
                for one in (ann, second):
                    expect_line(room, one, "bob", "hello, both")
                second.close()
                for other in (ann, bob):
                    expect_notice(room, other, "ann", "a notice that the second ann left")
            else:
                second.to_the_end("the end of the connection: the name is in use")
        bob.send(b"still there?\n")
        expect_line(room, ann, "bob", "still there?")
        ann.send(b"I am\n")
        expect_line(room, bob, "ann", "I am")


@checks(
    REQUIRED, "last-words", "a line that comes together with the end of its sender is said",
    "Look at what recv gave before you look whether it was the last: read until it gives b''.",
)  # fmt: skip
def last_words(room: Room) -> None:
    with members(room, "bob") as (bob,):
        for number in range(3):
            name = f"ann{number}"
            with Client(room, name) as ann:
                join(room, ann, room.name(name))
                expect_notice(room, bob, name)
                ann.send(b"goodbye\n")
                ann.half_close()
                expect_line(room, bob, name, "goodbye")
                expect_notice(room, bob, name, f"a notice that {room.name(name)} left")


@checks(
    REQUIRED, "same-text", "the same line twice is said twice",
    "Do not leave out what was said before: each line counts.",
)  # fmt: skip
def same_text(room: Room) -> None:
    with members(room, "ann", "bob") as (ann, bob):
        for _ in range(3):
            ann.send(b"yes\n")
            expect_line(room, bob, "ann", "yes")
        ann.send(b"no\nno\n")
        for _ in range(2):
            expect_line(room, bob, "ann", "no")


@checks(
    REQUIRED, "half-stays", "who stays in the middle of a name or a line keeps nobody waiting",
    "Never wait for the rest of a line: keep what has come, and serve the others meanwhile.",
)  # fmt: skip
def half_stays(room: Room) -> None:
    with contextlib.ExitStack() as stack:
        ann, bob, cy = stack.enter_context(members(room, "ann", "bob", "cy"))
        nameless = stack.enter_context(Client(room, "one with half a name"))
        nameless.line("a greeting")
        nameless.send(b"half-")  # no name, for who takes it for one
        cy.send(b"half a ")
        settle(room.server.process)  # the server has it, and nothing more to read
        for number in range(3):
            ann.send(b"talk %d\n" % number)
            for other in (bob, cy):
                expect_line(room, other, "ann", f"talk {number}")
        cy.send(b"line\n")
        for other in (ann, bob):
            expect_line(room, other, "cy", "half a line")


@checks(
    STRONG, "blank-line", "a line of blanks is a line",
    "Only the end of the connection ends it; what is blank was said too.",
)  # fmt: skip
def blank_line(room: Room) -> None:
    with members(room, "ann", "bob") as (ann, bob):
        ann.send(b"   \nnext\n")
        due = f"[{room.name('ann')}] and blanks"
        line = next_text(room, bob, due)
        if line.rstrip() != f"[{room.name('ann')}]":
            raise bob.broken(repr(line), due)
        expect_line(room, bob, "ann", "next")

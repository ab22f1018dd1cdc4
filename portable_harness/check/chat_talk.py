"""The checks of a chat (Budget Chat): what is said, and who hears it."""

from __future__ import annotations

import contextlib
import time

from portable_harness.check.chat_room import expect_line, expect_notice, members
from portable_harness.check.conversation import Client
from portable_harness.check.dialect import join, next_text
from portable_harness.check.model import Broken, Checklist, Level, Room
from portable_harness.check.processes import settle, stopped

checks = Checklist()
REQUIRED, STRONG = Level.REQUIRED, Level.STRONG
LOOK_EVERY = 0.05  # seconds
BURST = 5_000  # lines: more than fit into a queue, in a few segments
WORDS = (
    "* bob has left the room", "[bob] hi", "!", "%s {0} \\n", "Two  SPACES", "quit", "exit",
    "/quit", "<b>&amp;</b>", "\"so\" 'said' \\", "a: b, c; d", "0",
)  # fmt: skip


@checks(
    REQUIRED, "message", "a line goes to every other member as [NAME] TEXT, not to its sender",
    "Send to each member but the sender.",
)  # fmt: skip
def message(room: Room) -> None:
    with members(room, "ann", "bob", "cy") as (ann, bob, cy):
        ann.send(b"hello\n")
        for other in (bob, cy):
            expect_line(room, other, "ann", "hello")
        bob.send(b"good day\n")
        expect_line(room, ann, "bob", "good day")  # had ann got her own line, it would come first
        expect_line(room, cy, "bob", "good day")


@checks(
    STRONG, "quiet-member", "who says nothing for a while is still a member",
    "Take the time limit for the name back when the name has come.",
)  # fmt: skip
def quiet_member(room: Room) -> None:
    with members(room, "ann", "bob") as (ann, bob):
        time.sleep(1.5 if room.quick else 35.0)
        ann.send(b"bob?\n")
        expect_line(room, bob, "ann", "bob?")
        bob.send(b"yes\n")
        expect_line(room, ann, "bob", "yes")


@checks(
    REQUIRED, "odd-text", "text that looks like a notice or a message is carried unchanged",
    "Do not interpret what members say.",
)  # fmt: skip
def odd_text(room: Room) -> None:
    with members(room, "ann", "bob") as (ann, bob):
        for words in WORDS:
            ann.send(words.encode() + b"\n")
            expect_line(room, bob, "ann", words)


@checks(
    STRONG, "spaces", "spaces at the start of a line are kept",
    "Strip the end of a line only: what a member says is not yours to change.",
)  # fmt: skip
def spaces(room: Room) -> None:
    with members(room, "ann", "bob") as (ann, bob):
        ann.send(b"  indented\n")
        expect_line(room, bob, "ann", "  indented")


@checks(
    REQUIRED, "pieces", "bytes one by one or many lines at once are the same names and lines",
    "Collect bytes until a newline has come; one recv may be half a line or ten lines.",
)  # fmt: skip
def pieces(room: Room) -> None:
    with members(room, "bob") as (bob,), Client(room, "ann") as ann:
        ann.line("a greeting")
        for byte in room.name("ann").encode() + b"\nbyte by byte\n":
            ann.send(bytes([byte]))
            settle(room.server.process)  # else a busy machine may make one piece of many
        expect_notice(room, bob, "ann")
        expect_line(room, bob, "ann", "byte by byte")
        ann.send(b"".join(b"line %d\n" % number for number in range(100)))
        for number in range(100):
            expect_line(room, bob, "ann", f"line {number}")


@checks(
    REQUIRED, "name-and-lines", "lines that come in one segment with the name are said",
    "What follows the first newline in the buffer belongs to the conversation: keep it.",
)  # fmt: skip
def name_and_lines(room: Room) -> None:
    with members(room, "bob") as (bob,), Client(room, "ann") as ann:
        ann.send(room.name("ann").encode() + b"\nhello\nthere\n")
        expect_notice(room, bob, "ann")
        expect_line(room, bob, "ann", "hello")
        expect_line(room, bob, "ann", "there")


@checks(
    REQUIRED, "long-line", "a line of 1,000 characters is carried whole",
    "Do not cut lines at the size of a recv.",
)  # fmt: skip
def long_line(room: Room) -> None:
    words = "".join(room.random.choices("abcdefgh", k=1_000))
    with members(room, "ann", "bob") as (ann, bob):
        ann.send(words.encode() + b"\n")
        expect_line(room, bob, "ann", words)


@checks(
    STRONG, "partial-line", "a partial line at the end of a connection is dropped",
    "What has no newline when recv returns b'' is no line.",
)  # fmt: skip
def partial_line(room: Room) -> None:
    with members(room, "bob") as (bob,):
        for how in ("close", "half_close", "reset"):
            name = how.replace("_", "")
            with _joined(room, name, bob) as client:
                client.send(b"whole\nno newline")
                expect_line(room, bob, name, "whole")
                settle(room.server.process)  # a reset takes with it what has not been read
                getattr(client, how)()
                expect_notice(
                    room, bob, name, f"a notice that {name} left, and no message before it"
                )


@checks(
    STRONG, "burst", "of many lines at once all come in order, or their sender or receiver goes",
    "Where a queue is full wait, or end a connection: a line dropped in between is never missed.",
)  # fmt: skip
def burst(room: Room) -> None:
    with members(room, "ann", "bob") as (ann, bob):
        ann.send(b"".join(b"%d\n" % number for number in range(BURST)))
        _hears_all(room, bob)
    _until_not_listed(room, "ann")  # what she said must not come upon the members of the next check


def _hears_all(room: Room, bob: Client) -> None:
    """All that ann says, or up to the end of her connection or bob's."""
    for number in range(BURST):
        due = f"[{room.name('ann')}] {number}, or the end of a connection"
        try:
            line = next_text(room, bob, due)
        except Broken:
            if bob.ended:
                return
            raise
        if line.startswith("*") and room.name("ann") in line:
            return
        if line != f"[{room.name('ann')}] {number}":
            raise bob.broken(repr(line[:120]), due)


def _until_not_listed(room: Room, name: str) -> None:
    """Somebody comes, and again for a while, until it is not in the list any more."""
    deadline = time.monotonic() + room.patience
    number = 0
    while time.monotonic() < deadline:
        with Client(room, "who looks who is there") as client, contextlib.suppress(Broken):
            if room.name(name) not in join(room, client, room.name(f"look{number}")):
                return
        number += 1
        time.sleep(LOOK_EVERY)


@checks(
    REQUIRED, "after-a-reset", "a member that resets in the middle of the talk harms nobody",
    "An error while sending to one member must not end the loop over the others.",
)  # fmt: skip
def after_a_reset(room: Room) -> None:
    with members(room, "ann") as (ann,):
        for turn in range(40 if room.quick else 80):
            gone, bob = f"gone{turn}", f"bob{turn}"
            with _joined(room, gone, ann) as leaver, _joined(room, bob, ann, leaver) as hearer:
                with stopped(room.server.process):  # to find both at the same moment
                    leaver.reset()
                    ann.send(b"".join(b"still here %d\n" % number for number in range(20)))
                _hears_through(room, hearer, "ann", 20, gone)
                expect_notice(room, ann, gone, f"a notice that {room.name(gone)} left")
            expect_notice(room, ann, bob, f"a notice that {room.name(bob)} left")


def _joined(room: Room, name: str, *others: Client) -> Client:
    """A new member whose join the others have seen."""
    client = Client(room, name)
    try:
        join(room, client, room.name(name))
        for other in others:
            expect_notice(room, other, name)
    except Broken:
        client.close()
        raise
    return client


def _hears_through(room: Room, client: Client, name: str, count: int, leaver: str) -> None:
    """All lines in order, with one leave notice anywhere among them."""
    told_once = False
    number = 0
    while number < count or not told_once:
        words = f"[{room.name(name)}] still here {number}"
        due = f"{words}, or once a notice that {room.name(leaver)} left"
        line = next_text(room, client, due)
        if line.startswith("*") and room.name(leaver) in line and not told_once:
            told_once = True
        elif number < count and line == words:
            number += 1
        else:
            raise client.broken(repr(line), due)

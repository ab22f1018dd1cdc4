"""The checks of a chat (Budget Chat): lines that are empty, odd, long, or without an end."""

from __future__ import annotations

import contextlib

from portable_harness.check.chat_room import expect_line, expect_notice, members
from portable_harness.check.conversation import Client
from portable_harness.check.dialect import join, next_text
from portable_harness.check.model import Broken, Checklist, Level, Room
from portable_harness.check.processes import settle

checks = Checklist()
REQUIRED, STRONG, INFORMATIONAL = Level.REQUIRED, Level.STRONG, Level.INFORMATIONAL


@checks(
    STRONG, "carriage-return", "\\r\\n ends a line as \\n does",
    "Strip one \\r before the \\n of a whole line, before you look at its length.",
)  # fmt: skip
def carriage_return(room: Room) -> None:
    with members(room, "bob") as (bob,), Client(room, "ann") as ann:
        join(room, ann, room.name("ann") + "\r")
        expect_notice(room, bob, "ann")
        ann.send(b"plain\n")
        expect_line(room, bob, "ann", "plain")
        own = bob.has_return  # a server's own lines may end in \r\n
        long = "".join(room.random.choices("abcdefgh", k=1_000))  # the \r is no part of the line
        for words, end in (("hello", b"\r\n"), ("apart", b"\r"), (long, b"\r\n")):
            ann.send(words.encode() + end)
            if end == b"\r":
                settle(room.server.process)  # the newline is to come in a recv of its own
                ann.send(b"\n")
            expect_line(room, bob, "ann", words)
            if bob.has_return != own:
                raise bob.broken(f"{words[:20]!r} and its \\r", "a line that ends as others do")


@checks(
    STRONG, "too-long-line", "a line without an end is cut off, so that memory stays bounded",
    "Set a limit for a line; beyond it send one line that starts with ! and close.",
)  # fmt: skip
def too_long_line(room: Room) -> None:
    with members(room, "bob") as (bob,), Client(room, "ann") as ann:
        join(room, ann, room.name("ann"))
        expect_notice(room, bob, "ann")
        size = 2_000_000 if room.quick else 20_000_000
        with contextlib.suppress(Broken):
            for _ in range(size // 100_000):
                ann.send(b"x" * 100_000)
        expect_notice(
            room, bob, "ann", f"a notice that ann left: her line of {size:,} bytes has no end"
        )


@checks(
    STRONG, "empty-line", "an empty line is a line",
    "An empty line is b'\\n', the end of a connection is b'': do not take one for the other.",
)  # fmt: skip
def empty_line(room: Room) -> None:
    with members(room, "ann", "bob") as (ann, bob):
        ann.send(b"\nnext\n")
        due = f"[{room.name('ann')}] with nothing after it"
        line = next_text(room, bob, due)
        if line.rstrip() != f"[{room.name('ann')}]":
            raise bob.broken(repr(line), due)
        expect_line(room, bob, "ann", "next")


@checks(
    STRONG, "odd-bytes", "bytes that are no text harm nobody else",
    "Work with bytes, or decode with errors='replace'; an error must end one connection only.",
)  # fmt: skip
def odd_bytes(room: Room) -> None:
    with members(room, "ann", "bob") as (ann, bob):
        for number, data in enumerate((b"\xff\xfe\xc3(", b"caf\xc3\xa9", b"\x00\x01\x1b[2J")):
            name = f"odd{number}"
            with Client(room, f"one who says {data!r}") as odd:
                join(room, odd, room.name(name))
                for other in (ann, bob):
                    expect_notice(room, other, name)
                odd.send(data + b"\n")
                odd.close()
                for other in (ann, bob):
                    _until_left(room, other, name)
        ann.send(b"and now?\n")
        expect_line(room, bob, "ann", "and now?")


def _until_left(room: Room, client: Client, name: str) -> None:
    """What the odd one said, in whatever form, then its leave."""
    due = f"what {room.name(name)} said, in any form, then a notice that it left"
    while not (line := next_text(room, client, due)).startswith("*"):
        pass
    if room.name(name) not in line:
        raise client.broken(repr(line), due)


@checks(
    STRONG, "longer-line", "a line beyond 1,000 characters is carried whole or its sender cut off",
    "Do not cut a long line, nor go on after it: refuse it with a ! line and close.",
)  # fmt: skip
def longer_line(room: Room) -> None:
    with members(room, "bob") as (bob,):
        for number, size in enumerate((1_024, 1_500, 4_096, 20_000, 70_000)):
            name = f"long{number}"
            words = "".join(room.random.choices("abcdefgh", k=size))
            with Client(room, f"one with {size:,} characters") as client:
                join(room, client, room.name(name))
                expect_notice(room, bob, name)
                client.send(words.encode() + b"\nand on\n")
                client.half_close()
                due = f"all {size:,} characters, or a notice that their sender left"
                line = next_text(room, bob, due)
                if line == f"[{room.name(name)}] {words}":
                    expect_line(room, bob, name, "and on")
                    line = next_text(room, bob, due := "a notice that the sender left")
                if not line.startswith("*") or room.name(name) not in line:
                    raise bob.broken(f"{line[:60]!r} ({len(line):,} characters)", due)

"""A member that does not read: what it costs the others, and what it finds when it reads on.

The talk is closed-loop: the next lines are said when a witness has the last ones, so a slow machine
makes it slow and nothing else. A server that keeps the witness waiting is *blocked* when none of
its threads even wants a processor for BLOCKED seconds: then it waits for the silent member.
"""

from __future__ import annotations

import contextlib
import re
import socket
import time

from portable_harness.check.chat_room import expect_notice, members
from portable_harness.check.conversation import Client
from portable_harness.check.dialect import join, text
from portable_harness.check.model import Broken, Checklist, Level, Room
from portable_harness.check.processes import all_asleep

checks = Checklist()
BATCH, SIZE = 20, 980  # lines, bytes
LOOK_EVERY, BLOCKED = 0.1, 2.0  # seconds
LOOKS = 8  # at least, in that time: on a busy machine each takes longer
MEGABYTE = 1_000_000
SILENT = "the member that does not read"


class Blocked(Broken):
    """The whole server waits for the member that does not read."""


class Talk:
    """`ann` says numbered lines, `bob` must hear each; a notice about `silent` is noted."""

    def __init__(self, room: Room, ann: Client, bob: Client, silent: str) -> None:
        self.room, self.ann, self.bob, self.silent = room, ann, bob, silent
        self.said = 0
        self.gone = False

    def words(self, number: int) -> str:
        """The line with that number."""
        return f"{number} ".ljust(SIZE - 1, "abcdefgh"[number % 8]) + "."

    def batch(self) -> None:
        """Some lines, received before this returns."""
        numbers = range(self.said, self.said + BATCH)
        self.ann.send(b"".join(self.words(number).encode() + b"\n" for number in numbers))
        self.said += BATCH
        for number in numbers:
            self._hears(f"[{self.room.name('ann')}] {self.words(number)}", number)

    def _hears(self, due: str, number: int) -> None:
        what = f"line {number} at bob, while {SILENT} is behind"
        while True:
            line = self._line(what)
            if line == due:
                return
            if line.startswith("*") and self.silent in line and not self.gone:
                self.gone = True
            elif not self.room.is_stale(line):
                raise self.bob.broken(repr(line[:80]), what)

    def _line(self, due: str) -> str:
        process = self.room.server.process
        awake = begin = time.monotonic()
        looks = 0
        while not self.bob.has_line and process and awake < begin + self.room.patience:
            if self.bob.wait(LOOK_EVERY):
                if not self.bob.pull(due):
                    break
                looks = 0
            elif all_asleep(process):
                looks += 1
            else:
                looks = 0
            if not looks:
                awake = time.monotonic()
            elif looks >= LOOKS and time.monotonic() - awake >= BLOCKED:
                came = f"nothing, while the whole server slept for {BLOCKED:g} s"
                broken = self.bob.broken(came, due)
                raise Blocked(broken.sent, broken.came, broken.due)
        return text(self.bob.line(due))


@checks(
    Level.STRONG, "slow-member", "a member that does not read delays nobody and is cut off",
    "A bounded queue per member; never send to a member while you hold the room's lock.",
)  # fmt: skip
def slow_member(room: Room) -> None:
    most = 24 if room.quick else 60
    with (
        members(room, "ann", "bob") as (ann, bob),
        Client(room, SILENT, small_buffer=True) as silent,
    ):
        name = room.name("silent")
        join(room, silent, name)
        for other in (ann, bob):
            expect_notice(room, other, "silent")
        talk = Talk(room, ann, bob, name)
        while not talk.gone and talk.said * SIZE < most * MEGABYTE:
            talk.batch()
        if not talk.gone:
            expect_notice(room, bob, "silent", f"a notice that it left: it is {most} MB behind")
        for _ in range(3):
            silent.send(b"I have left, have I not?\n")
            talk.batch()
        Late(room, silent, talk).reads_to_the_end()


@checks(
    Level.STRONG, "paused-member", "who reads late gets every line, or an end and no gap before it",
    "Send what is left of a line before the next one (sendall); never drop a line in between.",
)  # fmt: skip
def paused_member(room: Room) -> None:
    with (
        members(room, "ann", "bob") as (ann, bob),
        Client(room, "a member that reads late", small_buffer=True) as late,
    ):
        name = room.name("late")
        join(room, late, name)
        for other in (ann, bob):
            expect_notice(room, other, "late")
        talk = Talk(room, ann, bob, name)
        reader = Late(room, late, talk)
        with contextlib.suppress(Blocked):  # slow-member tells that; here it reads on, late enough
            while not talk.gone and talk.said * SIZE < 8 * MEGABYTE:
                talk.batch()
                reader.read(BATCH // 4)  # farther and farther behind, and never at rest
        reader.reads_to_the_end()


class Late:
    """A member that is behind the talk, and must find no gap in it."""

    def __init__(self, room: Room, client: Client, talk: Talk) -> None:
        self.room, self.client, self.talk = room, client, talk
        self.next_number = 0

    def reads_to_the_end(self) -> None:
        """All lines in order up to the last, or up to the end of its connection."""
        self.client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, MEGABYTE)
        self.read(self.talk.said - self.next_number)

    def read(self, count: int) -> None:
        """The next lines, in order, or the end of the connection."""
        last = self.next_number + count
        while self.next_number < last and not self._is_over():
            pass

    def _is_over(self) -> bool:
        """Whether the connection has ended; else one more line has been read."""
        due = f"line {self.next_number} of {self.talk.said}, or an end and nothing after it"
        try:
            line = text(self.client.line(due))
        except Broken:
            if self.client.ended:
                return True
            raise
        if line == f"[{self.room.name('ann')}] {self.talk.words(self.next_number)}":
            self.next_number += 1
        elif line.startswith("[") or not re.match("[*!]", line):
            with contextlib.suppress(Broken):
                self.client.line("the rest")
            if self.client.ended and not self.client.has_line:
                return True  # a piece of a line was its last
            raise self.client.broken(repr(line[:80]), due)
        return False

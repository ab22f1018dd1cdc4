"""The checks of a chat (Budget Chat): many who come, go, and want one name at the same time."""

from __future__ import annotations

import contextlib

from portable_harness.check.chat_room import expect_line, expect_notice, members
from portable_harness.check.conversation import Client
from portable_harness.check.dialect import join, next_text
from portable_harness.check.model import Broken, Checklist, Level, Room

checks = Checklist()
REQUIRED, STRONG = Level.REQUIRED, Level.STRONG
LONGEST = 16  # characters
MANY = 8  # every server must take ten at once; the last of the turn before may still be leaving


@checks(
    REQUIRED, "storm", "who come at the same time all learn of each other, and of each leave",
    "Take the list, add the new member and tell the others under one lock.",
)  # fmt: skip
def storm(room: Room) -> None:
    for turn in range(8 if room.quick else 50):
        Storm(room, MANY, turn, once=False).run()


@checks(
    REQUIRED, "at-once", "who has its list of members hears the very next line",
    "Make the list and add the new member under one lock, and send the list before that ends.",
)  # fmt: skip
def at_once(room: Room) -> None:
    with members(room, "ann") as (ann,):
        for number in range(12 if room.quick else 60):
            name = f"new{number}"
            with Client(room, name) as new:
                join(room, new, room.name(name))
                ann.send(b"welcome\n")
                expect_line(room, new, "ann", "welcome")
                new.close()
            expect_notice(room, ann, name)
            expect_notice(room, ann, name, f"a notice that {name} left")


@checks(
    STRONG, "crowd", "a crowd is let in, and each learns of each other once",
    "Give listen a backlog of 100 or more, and accept without waiting for a client.",
)  # fmt: skip
def crowd(room: Room) -> None:
    Storm(room, 60 if room.quick else 200, 0, once=True).run()


def _long_name(room: Room, base: str) -> str:
    """As long as every server must allow: a list of many is long, then."""
    return room.name(base.ljust(LONGEST - len(room.tag), "o"))


class Storm:
    """All send their names and must learn of all others; then all but one go at once.

    `once`: to find somebody in the list and to be told of the join besides is a fault.
    """

    def __init__(self, room: Room, count: int, turn: int, once: bool) -> None:
        self.room, self.once = room, once
        self.names = [_long_name(room, f"c{turn}n{number}") for number in range(count)]

    def run(self) -> None:
        """Come, learn, go."""
        with contextlib.ExitStack() as stack:
            clients = [stack.enter_context(Client(self.room, name)) for name in self.names]
            for client, name in zip(clients, self.names, strict=True):
                client.send(name.encode() + b"\n")
            for client, name in zip(clients, self.names, strict=True):
                client.line("a greeting")
                self.learns(client, {*self.names} - {name}, listing=True)
            for number, client in enumerate(clients[1:]):
                (client.close, client.reset, client.half_close)[number % 3]()
            self.learns(clients[0], {*self.names[1:]}, listing=False)

    def learns(self, client: Client, waiting: set[str], listing: bool) -> None:
        """Of each that is waited for: in the list of members, or by a notice."""
        how = "in the list or by a notice" if listing else "by a notice that it left"
        due = f"each of {len(waiting)} others, {how}"
        while waiting or listing:
            missing = ", ".join(sorted(waiting)[:3])
            line = next_text(self.room, client, f"{due}; missing {missing}", listing)
            found = set(self.room.names_in(line)) & set(self.names)  # not of an earlier turn
            if not line.startswith("*") or (self.once and not found <= waiting):
                raise client.broken(repr(line[:200]), f"{due}; missing {missing}")
            waiting -= found
            listing = False


@checks(
    STRONG, "name-race", "of many who ask for one name at the same time one gets it",
    "Look for the name and add it under one lock: between the two another may do the same.",
)  # fmt: skip
def name_race(room: Room) -> None:
    with members(room, "bob") as (bob,):
        for number in range(12 if room.quick else 100):
            _race(room, bob, f"same{number}")


def _race(room: Room, bob: Client, name: str) -> None:
    with contextlib.ExitStack() as stack:
        rivals = [stack.enter_context(Client(room, f"rival {n} for {name}")) for n in range(6)]
        for rival in rivals:
            rival.line("a greeting")
        for rival in rivals:
            rival.send(room.name(name).encode() + b"\n")
        expect_notice(room, bob, name, "one notice that somebody of this name joined")
        winners = []
        for rival in rivals:
            with contextlib.suppress(Broken):
                line = next_text(room, rival, "a list of members or a refusal", listing=True)
                if line.startswith("*") and room.name("bob") in line:
                    winners.append(rival)
        if len(winners) != 1:
            raise rivals[0].broken(f"{len(winners)} were let in", "one who is let in")
        bob.send(b"who is it?\n")
        expect_line(room, winners[0], "bob", "who is it?")
        winners[0].close()
        expect_notice(room, bob, name, "a notice that the one who got in has left")

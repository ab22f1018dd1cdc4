"""The checks of a chat server (Budget Chat, problem 3 of Protohackers), one conversation each.

Nobody is told *nothing* by waiting: after what must not be told, something is said that must, and
the first line that comes has to be that.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from harness.check.conversation import Client
from harness.check.dialect import STANDARD, join, learn, next_text, notice
from harness.check.model import Broken, Checklist, Level, Room

checks = Checklist()
REQUIRED, STRONG, INFORMATIONAL = Level.REQUIRED, Level.STRONG, Level.INFORMATIONAL


@contextlib.contextmanager
def members(room: Room, *names: str) -> Iterator[list[Client]]:
    """Members who have all seen each other's joins."""
    with contextlib.ExitStack() as stack:
        joined: list[Client] = []
        for name in names:
            client = stack.enter_context(Client(room, name))
            join(room, client, room.name(name))
            for other in joined:
                told(room, other, name)
            joined.append(client)
        yield joined


def told(room: Room, client: Client, name: str, due: str = "") -> None:
    """The next line is a notice that names `name`."""
    due = due or f"a notice (a line that starts with *) that names {room.name(name)}"
    notice(room, client, room.name(name), due)


def hears(room: Room, client: Client, name: str, words: str) -> None:
    """The next line is `[NAME] WORDS`."""
    due = f"[{room.name(name)}] {words[:60]}"
    line = next_text(room, client, due)
    if line != f"[{room.name(name)}] {words}":
        raise client.broken(f"{line[:120]!r}", due)


def is_refused(client: Client, what: str) -> bytes:
    """The connection ends without a list of members; gives what came before the end."""
    due = f"the end of the connection: {what} is refused"
    came = client.to_the_end(due)
    if any(line.startswith(b"*") for line in came.splitlines()):
        raise client.broken(repr(came[:200]), due)
    return came


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
    REQUIRED, "message", "a line goes to every other member as [NAME] TEXT, not to its sender",
    "Send to each member but the sender.",
)  # fmt: skip
def message(room: Room) -> None:
    with members(room, "ann", "bob", "cy") as (ann, bob, cy):
        ann.send(b"hello\n")
        for other in (bob, cy):
            hears(room, other, "ann", "hello")
        bob.send(b"good day\n")
        hears(room, ann, "bob", "good day")  # had ann got her own line, it would come first
        hears(room, cy, "bob", "good day")


@checks(
    REQUIRED, "odd-text", "text that looks like a notice or a message is carried unchanged",
    "Do not interpret what members say.",
)  # fmt: skip
def odd_text(room: Room) -> None:
    with members(room, "ann", "bob") as (ann, bob):
        for words in ("* bob has left the room", "[bob] hi", "!", "%s {0} \\n", "Two  SPACES"):
            ann.send(words.encode() + b"\n")
            hears(room, bob, "ann", words)


@checks(
    STRONG, "spaces", "spaces at the start of a line are kept",
    "Strip the end of a line only: what a member says is not yours to change.",
)  # fmt: skip
def spaces(room: Room) -> None:
    with members(room, "ann", "bob") as (ann, bob):
        ann.send(b"  indented\n")
        hears(room, bob, "ann", "  indented")


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
    REQUIRED, "pieces", "bytes one by one or many lines at once are the same names and lines",
    "Collect bytes until a newline has come; one recv may be half a line or ten lines.",
)  # fmt: skip
def pieces(room: Room) -> None:
    with members(room, "bob") as (bob,), Client(room, "ann") as ann:
        ann.line("a greeting")
        ann.send_each(room.name("ann").encode() + b"\nbyte by byte\n")
        told(room, bob, "ann")
        hears(room, bob, "ann", "byte by byte")
        ann.send(b"".join(b"line %d\n" % number for number in range(100)))
        for number in range(100):
            hears(room, bob, "ann", f"line {number}")


@checks(
    REQUIRED, "name-and-lines", "lines that come in one segment with the name are said",
    "What follows the first newline in the buffer belongs to the conversation: keep it.",
)  # fmt: skip
def name_and_lines(room: Room) -> None:
    with members(room, "bob") as (bob,), Client(room, "ann") as ann:
        ann.send(room.name("ann").encode() + b"\nhello\nthere\n")
        told(room, bob, "ann")
        hears(room, bob, "ann", "hello")
        hears(room, bob, "ann", "there")


@checks(
    REQUIRED, "long-line", "a line of 1,000 characters is carried whole",
    "Do not cut lines at the size of a recv.",
)  # fmt: skip
def long_line(room: Room) -> None:
    words = "".join(room.random.choices("abcdefgh", k=1_000))
    with members(room, "ann", "bob") as (ann, bob):
        ann.send(words.encode() + b"\n")
        hears(room, bob, "ann", words)


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
    REQUIRED, "partial-line", "a partial line at the end of a connection is dropped",
    "What has no newline when recv returns b'' is no line.",
)  # fmt: skip
def partial_line(room: Room) -> None:
    with members(room, "bob", "ann") as (bob, ann):
        ann.send(b"whole\nno newline")
        ann.close()
        hears(room, bob, "ann", "whole")
        told(room, bob, "ann", "a notice that ann left, and no message before it")


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
    REQUIRED, "after-a-reset", "a member that resets in the middle of the talk harms nobody",
    "An error while sending to one member must not end the loop over the others.",
)  # fmt: skip
def after_a_reset(room: Room) -> None:
    with members(room, "ann", "gone", "bob") as (ann, gone, bob):
        gone.reset()
        ann.send(b"".join(b"still here %d\n" % number for number in range(20)))
        _hears_through(room, bob, "ann", 20, "gone")


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


@checks(
    STRONG, "carriage-return", "\\r\\n ends a line as \\n does",
    "Strip one \\r before the \\n.",
)  # fmt: skip
def carriage_return(room: Room) -> None:
    with members(room, "bob") as (bob,), Client(room, "ann") as ann:
        join(room, ann, room.name("ann") + "\r")
        told(room, bob, "ann")
        ann.send(b"hello\r\n")
        hears(room, bob, "ann", "hello")


@checks(
    STRONG, "too-long-line", "a line without an end is cut off, so that memory stays bounded",
    "Set a limit for a line; beyond it send one line that starts with ! and close.",
)  # fmt: skip
def too_long_line(room: Room) -> None:
    with members(room, "bob") as (bob,), Client(room, "ann") as ann:
        join(room, ann, room.name("ann"))
        told(room, bob, "ann")
        size = 2_000_000 if room.quick else 20_000_000
        with contextlib.suppress(Broken):
            for _ in range(size // 100_000):
                ann.send(b"x" * 100_000)
        told(room, bob, "ann", f"a notice that ann left: her line of {size:,} bytes has no end")


@checks(
    INFORMATIONAL, "words", "notices have the example's words",
    "The words are free; these are the ones of the protocol's example session.",
)  # fmt: skip
def words(room: Room) -> None:
    found = learn(room)
    if found != STANDARD:
        came = f"{found.entered.pattern!r}, {found.left.pattern!r}, {found.before_list!r}"
        raise Broken("joins and leaves", came, "'* NAME has entered the room' and the like")

"""How this chat server words its notices.

Budget Chat prescribes what a notice must contain (an asterisk, the names), not its words. So the
checks learn them first: two members come and one goes, and what the other is told then is the
pattern for joins, leaves and member lists. `canonical` turns a line of this server into the
protocol's own words ("* NAME has entered the room"), which the judge of histories reads.
"""

from __future__ import annotations

import itertools
import re
import time
from dataclasses import dataclass, replace

from portable_harness.chat.lines import is_certainly_valid
from portable_harness.chat.scripted_client import Translate
from portable_harness.check.conversation import Client
from portable_harness.check.model import Broken, Room, has_name

NAME = "somebody"
TEACHERS = 10_000  # added to the serial number of a check
AGAIN = 0.05  # seconds between two lessons
ENTERED, LEFT, CONTAINS = "has entered the room", "has left the room", "The room contains:"


@dataclass(frozen=True)
class Dialect:
    """Patterns with a group for the name; for the list of members what stands around it."""

    entered: re.Pattern[str]
    left: re.Pattern[str]
    before_list: str
    after_list: str

    def canonical(self, line: str) -> str:
        """The same line in the protocol's words; other lines stay as they are."""
        if found := self.entered.fullmatch(line):
            return f"* {found[1]} {ENTERED}"
        if found := self.left.fullmatch(line):
            return f"* {found[1]} {LEFT}"
        if line.startswith(self.before_list) and line.endswith(self.after_list):
            names = line[len(self.before_list) : len(line) - len(self.after_list)]
            return f"* {CONTAINS} {names.strip()}"
        return line

    def answer(self, line: str, asked: str) -> str:
        """The answer to the name `asked`: a list of members, or a refusal in any words.

        An empty room may have a list of other words ("* Nobody is here"), and a refusal may start
        with anything: what starts with * answers a good name with a list, a bad one with a refusal.
        """
        said = self.canonical(line)
        is_notice = self.entered.fullmatch(line) or self.left.fullmatch(line)
        if is_notice or said != line or line.startswith(("[", "!")):
            return said
        if line.startswith("*") and is_certainly_valid(asked):
            return f"* {CONTAINS} {line[1:]}"
        return f"! {line}"

    @property
    def is_standard(self) -> bool:
        """Whether the words are the protocol's own."""
        return self == STANDARD


def _pattern(line: str, name: str, listed: str = "") -> re.Pattern[str]:
    """The line with any name for `name`, and any number where it has one (a count, a time).

    It may end in a list of members, which begins with the name `listed`.
    """
    shown, listing, _ = line.partition(listed) if listed else (line, "", "")
    if name not in shown:  # the list comes first
        shown, listing = line, ""
    before, *others = (re.sub(r"\d+", r"\\d+", re.escape(part)) for part in shown.split(name))
    rest = ".*" if listing else ""
    return re.compile(before + "([A-Za-z0-9]+)" + r"\1".join(others) + rest)


STANDARD = Dialect(
    _pattern(f"* {NAME} {ENTERED}", NAME),
    _pattern(f"* {NAME} {LEFT}", NAME),
    f"* {CONTAINS} ",
    "",
)


def learn(room: Room) -> Dialect:
    """Let two members come and one go; again, while members of an earlier check are in the list.

    :raises Broken: when a notice does not come, or names nobody
    """
    deadline = time.monotonic() + room.left()
    for number in itertools.count(1):
        one, two = room.name(f"first{number}"), room.name(f"second{number}")
        listed, dialect = _lesson(room, one, two)
        if not room.names_known_in(listed) - {one, two} or time.monotonic() > deadline:
            break
        time.sleep(AGAIN)
    return dialect


def _lesson(room: Room, one: str, two: str) -> tuple[str, Dialect]:
    """The list that the second member gets, and what is learnt from it and from the notices."""
    with Client(room, "first member") as first, Client(room, "second member") as second:
        join(room, first, one)
        listed = join(room, second, two)
        entered = notice(room, first, two, "a notice of the second member's join")
        second.close()
        left = notice(room, first, two, "a notice of the second member's leave")
    before, _, after = listed.partition(one)
    return listed, Dialect(_pattern(entered, two, one), _pattern(left, two, one), before, after)


def join(room: Room, client: Client, name: str) -> str:
    """Read the greeting, give the name; return the answer, which is the list of members."""
    client.line("a greeting line that asks for a name")
    client.send(name.encode() + b"\n")
    due = "the list of the members, a line that starts with *"
    answer = next_text(room, client, due, listing=True)
    if not answer.startswith("*"):
        raise client.broken(repr(answer), due)
    return answer


def notice(room: Room, client: Client, name: str, due: str) -> str:
    """The next line, which must start with * and name `name`."""
    line = next_text(room, client, due, awaited=name)
    if not line.startswith("*") or not has_name(line, name):
        raise client.broken(repr(line), due)
    return line


def next_text(
    room: Room, client: Client, due: str, listing: bool = False, awaited: str = ""
) -> str:
    """The next line without its end; what is said of an earlier check's members is passed over.

    The list of members is what comes first (`listing`), whoever is still in it. `awaited`: the
    member whom a notice must name.
    """
    while True:
        line = text(client.line(due))
        if listing or not room.is_stale(line, awaited):
            return line


def text(line: bytes) -> str:
    """A line without its end."""
    return line.decode("latin-1").removesuffix("\n").removesuffix("\r")


def translator(room: Room) -> Translate:
    """To the protocol's own words, without what an earlier check's members still cause.

    Where nothing can be learnt the server is taken to speak the protocol's own words.
    """
    try:
        # under names of its own: who has taught is still leaving when the recording begins
        dialect = learn(replace(room, serial=room.serial + TEACHERS))
    except Broken:
        dialect = STANDARD

    def translate(line: str, asked: str | None) -> str | None:
        line = dialect.canonical(line) if asked is None else dialect.answer(line, asked)
        if line.startswith(f"* {CONTAINS}"):
            return f"* {CONTAINS} {', '.join(room.names_in(line))}"
        return None if room.is_stale(line) else line

    return translate

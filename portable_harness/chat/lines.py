"""The lines that a chat server may send, distinguished (Budget Chat, problem 3 of Protohackers)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["message", "join", "leave", "room", "closing", "refusal", "other"]

CLOSING_LINE = "* server is closing"
_MESSAGE = re.compile(r"\[([A-Za-z0-9]+)\] (.*)", re.DOTALL)
_NOTICE = re.compile(r"\* ([A-Za-z0-9]+) has (entered|left) the room")
_ROOM = re.compile(r"\* The room contains:(.*)")
_VALID_NAME = re.compile(r"[A-Za-z0-9]{1,16}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line from the server.  `name` is whom it is about, `text` the rest."""

    kind: Kind
    name: str = ""
    text: str = ""


def parse(line: str) -> Line:
    """What `line` (without its end of line) is; kind "other" for what the protocol has not."""
    if message := _MESSAGE.fullmatch(line):
        return Line("message", message[1], message[2])
    if notice := _NOTICE.fullmatch(line):
        return Line("join" if notice[2] == "entered" else "leave", notice[1])
    if room := _ROOM.fullmatch(line):
        return Line("room", text=room[1].strip())
    if line == CLOSING_LINE:
        return Line("closing")
    if line.startswith("!"):
        return Line("refusal", text=line)
    return Line("other", text=line)


def names_in_room(text: str) -> list[str]:
    """The names of a member list ("A, B"); empty for an empty room."""
    return [name.strip() for name in text.split(",")] if text.strip() else []


def is_certainly_valid(name: str) -> bool:
    """1 to 16 ASCII letters and digits: every server must allow it."""
    return _VALID_NAME.fullmatch(name) is not None


def is_certainly_invalid(name: str) -> bool:
    """Empty or with anything but ASCII letters and digits: every server must refuse it.

    A longer alphanumeric name is neither: the protocol leaves it to the server.
    """
    return not (name.isascii() and name.isalnum())

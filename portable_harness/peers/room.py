"""What the Python peers share: names and lines of Budget Chat; how they send is their own."""

from __future__ import annotations

import re

GREETING = b"Hello. Please send your name.\n"
_NAME = re.compile(rb"[A-Za-z0-9]{1,32}")


def refusal(name: bytes, names: object) -> bytes:
    """The `!` line that answers a bad or taken name; empty for a good one."""
    if not _NAME.fullmatch(name):
        return b"! a name is 1 to 32 letters and digits\n"
    taken = hasattr(names, "__contains__") and name in names
    return b"! this name is in use\n" if taken else b""


def entered(name: bytes) -> bytes:
    return b"* " + name + b" has entered the room\n"


def left(name: bytes) -> bytes:
    return b"* " + name + b" has left the room\n"


def member_list(names: list[bytes]) -> bytes:
    return b"* The room contains: " + b", ".join(names) + b"\n"


def message(name: bytes, text: bytes) -> bytes:
    return b"[" + name + b"] " + text + b"\n"

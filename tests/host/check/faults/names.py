"""Mistakes with names, and with what a connection begins with."""

from __future__ import annotations

import html
import re
import socket
from typing import ClassVar

from tests.host.check.faults.base import Member, Refused, Server


class NameFromThree(Server):
    """a name must have three characters"""

    found = "plain-names"

    def check(self, name: str) -> None:
        super().check(name)
        if len(name) < 3:
            raise Refused("name too short")


class NameNeedsLetter(Server):
    """a name must begin with a letter"""

    found = "plain-names"

    def check(self, name: str) -> None:
        super().check(name)
        if not name[0].isalpha():
            raise Refused("a name begins with a letter")


class UnderscoreIsWord(Server):
    """a name may contain an underscore"""

    found = "bad-name"

    def check(self, name: str) -> None:
        super().check(name if not re.fullmatch(r"\w+", name) else name.replace("_", ""))


class BlankName(Server):
    """spaces around a name are stripped after the check: a blank name becomes empty"""

    found = "bad-name"

    def check(self, name: str) -> None:
        super().check(name.strip() or "blank" if name else name)


class SkipsByText(Server):
    """the sender to skip is found by its name anywhere in the line"""

    found = "similar-names"

    def tell(self, line: bytes, but: Member | None = None) -> None:
        with self.lock:
            for name, member in self.members.items():
                if but is None or name.encode() not in line:
                    member.put(line)


class BufferByDescriptor(Server):
    """input is stored by descriptor, and is still there when the descriptor is reused"""

    found = "fresh-start"

    def __init__(self) -> None:
        super().__init__()
        self.buffers: dict[int, bytes] = {}

    def line(self, member: Member) -> bytes | None:
        number = member.socket.fileno()
        member.buffer = self.buffers.pop(number, b"")
        try:
            return super().line(member)
        finally:
            self.buffers[number] = member.buffer


class TellsThePast(Server):
    """the last lines are repeated to a new member"""

    found = "no-past"
    last: ClassVar[list[bytes]] = []

    def say(self, member: Member, text: bytes) -> None:
        self.last.append(b"[%s] %s\n" % (member.name.encode(), text))
        super().say(member, text)

    def add(self, member: Member, name: str) -> None:
        super().add(member, name)
        for line in self.last[-10:]:
            member.put(line)


class ListsTheNameless(Server):
    """the list has an entry for each connection, with a name or not"""

    found = "nameless"
    connected = 0

    def serve(self, sock: socket.socket) -> None:
        with self.lock:
            self.connected += 1
        super().serve(sock)
        with self.lock:
            self.connected -= 1

    def listing(self) -> bytes:
        nameless = self.connected - len(self.members) - 1
        names = [*self.members, *["None"] * nameless]
        return b"* The room contains: %s\n" % ", ".join(names).encode()


class EndlessName(Server):
    """the length of a name is unlimited"""

    found = "endless-name"

    def line(self, member: Member) -> bytes | None:
        if member.name:
            return super().line(member)
        pieces = [member.buffer]
        while b"\n" not in pieces[-1]:
            data = member.socket.recv(1 << 16)
            if not data:
                return None
            pieces.append(data)
        line, _, member.buffer = b"".join(pieces).partition(b"\n")
        return line.removesuffix(b"\r")[:32]


class QuitIsCommand(Server):
    """the line quit ends the connection"""

    found = "odd-text"

    def said(self, member: Member, text: bytes) -> None:
        if text.strip(b"/").lower() in (b"quit", b"exit"):
            raise Refused("good bye")
        self.say(member, text)


class EscapesText(Server):
    """text is escaped for a web page"""

    found = "odd-text"

    def said(self, member: Member, text: bytes) -> None:
        self.say(member, html.escape(text.decode("latin-1")).encode("latin-1"))


class KeptInLowerCase(Server):
    """names in use are stored in lower case but removed as written"""

    found = "rejoin"

    def __init__(self) -> None:
        super().__init__()
        self.in_use: set[str] = set()

    def check(self, name: str) -> None:
        super().check(name)
        if name.lower() in self.in_use:
            raise Refused("name in use")

    def add(self, member: Member, name: str) -> None:
        super().add(member, name)
        self.in_use.add(name.lower())

    def remove(self, member: Member) -> None:
        super().remove(member)
        self.in_use.discard(member.name)


class InUseByText(Server):
    """a name in use is searched for in the text of the list"""

    found = "similar-names"

    def check(self, name: str) -> None:
        super().check(name)
        if name in ", ".join(self.members):
            raise Refused("name in use")


class ListCut(Server):
    """the buffer for the list of members has 512 bytes"""

    found = "crowd"

    def listing(self) -> bytes:
        return super().listing().rstrip(b"\n")[:512] + b"\n"

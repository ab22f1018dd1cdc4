"""Mistakes with odd names, with names that are alike, with half words and last words."""

from __future__ import annotations

import os
import select

from tests.host.check.faults.base import Member, Refused, Server


class LettersOfAnyAlphabet(Server):
    """letters of every alphabet are allowed in a name"""

    found = "odd-name"

    def join(self, member: Member, name: str) -> None:
        plain = name.encode("latin-1").decode(errors="replace")
        super().join(member, "".join("e" if ord(char) > 127 else char for char in plain))


class BytesInNameEndServer(Server):
    """a name that is no UTF-8 ends the whole server"""

    found = "odd-name"

    def check(self, name: str) -> None:
        try:
            name.encode("latin-1").decode()
        except UnicodeDecodeError:
            os._exit(1)
        super().check(name)


class CaseIsForgotten(Server):
    """the sender to skip is found by its name in lower case"""

    found = "case-names"

    def tell(self, line: bytes, but: Member | None = None) -> None:
        with self.lock:
            for name, member in self.members.items():
                if but is None or name.lower() != but.name.lower():
                    member.put(line)


class SecondTakesPlace(Server):
    """a name in use is accepted, and its second user takes the place of the first"""

    found = "second-user"

    def check(self, name: str) -> None:
        if name not in self.members:
            super().check(name)

    def remove(self, member: Member) -> None:
        self.members.pop(member.name, None)


class ZeroIsNoName(Server):
    """the name 0 is treated as an empty one"""

    found = "plain-names"

    def check(self, name: str) -> None:
        super().check("" if name == "0" else name)


class LastWordsLost(Server):
    """the end of a connection is looked for before what came with it is read"""

    found = "last-words"

    def said(self, member: Member, text: bytes) -> None:
        poll = select.poll()
        poll.register(member.socket, select.POLLRDHUP)
        if poll.poll(20):  # a moment for the end to come
            raise Refused("gone")
        super().said(member, text)


class SameTextOnce(Server):
    """a line that is the same as the one before it is dropped"""

    found = "same-text"
    last: tuple[str, bytes] = "", b""

    def said(self, member: Member, text: bytes) -> None:
        if (member.name, text) != self.last:
            self.last = member.name, text
            super().said(member, text)


class HalfLineWaits(Server):
    """the room is locked while the rest of a line is waited for"""

    found = "half-stays"

    def line(self, member: Member) -> bytes | None:
        if not member.buffer:
            member.buffer = member.socket.recv(4096)
        if not member.buffer or b"\n" in member.buffer:
            return super().line(member) if member.buffer else None
        with self.lock:
            return super().line(member)


class BlankDropped(Server):
    """a line of blanks is not delivered"""

    found = "blank-line"

    def said(self, member: Member, text: bytes) -> None:
        if not text or text.strip():
            super().said(member, text)

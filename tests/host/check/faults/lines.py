"""Mistakes with what is said: bytes, lengths, ends of lines, names."""

from __future__ import annotations

import contextlib
import threading

from tests.host.check.faults.base import Member, Refused, Server


class LimitOffByOne(Server):
    """the buffer is one character too short for a line of 1,000 characters"""

    found = "long-line"

    def said(self, member: Member, text: bytes) -> None:
        self.say(member, text[:999])


class Truncates(Server):
    """a long line is cut at 1,024 characters"""

    found = "longer-line"

    def said(self, member: Member, text: bytes) -> None:
        self.say(member, text[:1_024])


class SplitsLongLines(Server):
    """a long line becomes several, one for each full buffer"""

    found = "longer-line"

    def said(self, member: Member, text: bytes) -> None:
        for start in range(0, max(1, len(text)), 4_095):
            self.say(member, text[start : start + 4_095])


class DropsEmptyLines(Server):
    """an empty line is not delivered"""

    found = "empty-line"

    def said(self, member: Member, text: bytes) -> None:
        if text:
            self.say(member, text)


class EmptyLineEnds(Server):
    """an empty line is treated as the end of the connection"""

    found = "empty-line"

    def line(self, member: Member) -> bytes | None:
        return super().line(member) or None


class DiesOfBytes(Server):
    """bytes that are not text end the reading thread before the leave is announced"""

    found = "odd-bytes"

    def said(self, member: Member, text: bytes) -> None:
        try:
            self.say(member, text.decode("utf-8").encode())
        except UnicodeDecodeError:
            member.name = ""
            raise Refused("no text") from None


class BytesStopTheRoom(Server):
    """a delivery fails on bytes that are not text, with the lock held"""

    found = "odd-bytes"

    def say(self, member: Member, text: bytes) -> None:
        self.lock.acquire()
        super().say(member, text.decode("utf-8", "strict").encode())
        self.lock.release()

    def serve(self, sock) -> None:  # type: ignore[no-untyped-def]
        with contextlib.suppress(UnicodeDecodeError):
            super().serve(sock)


class Commands(Server):
    """a line that starts with * or / is treated as a command"""

    found = "odd-text"

    def said(self, member: Member, text: bytes) -> None:
        if not text.startswith((b"*", b"/")):
            self.say(member, text)


class FormatString(Server):
    """a line is used as a format string"""

    found = "odd-text"

    def said(self, member: Member, text: bytes) -> None:
        with contextlib.suppress(ValueError, TypeError):
            self.say(member, text % ())


class JoinsWords(Server):
    """a line is split into words and joined again"""

    found = "odd-text"

    def said(self, member: Member, text: bytes) -> None:
        self.say(member, b" ".join(text.split()))


class LowerCaseNames(Server):
    """names are converted to lower case"""

    found = "long-name"

    def join(self, member: Member, name: str) -> None:
        super().join(member, name.lower())


class NamesNeverFree(Server):
    """a name can never be used again"""

    found = "rejoin"

    def __init__(self) -> None:
        super().__init__()
        self.used: set[str] = set()

    def check(self, name: str) -> None:
        super().check(name)
        if name in self.used:
            raise Refused("name in use")
        self.used.add(name)


class StaleList(Server):
    """the list is updated after a join but not after a leave"""

    found = "rejoin"

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def add(self, member: Member, name: str) -> None:
        super().add(member, name)
        self.names.append(name)

    def listing(self) -> bytes:
        return b"* The room contains: %s\n" % ", ".join(self.names).encode()


class RefusedIsListed(Server):
    """a name is put into the list before it is checked"""

    found = "bad-name"

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def check(self, name: str) -> None:
        self.names.append(name)
        super().check(name)

    def listing(self) -> bytes:
        return b"* The room contains: %s\n" % ", ".join(self.names[:-1]).encode()


class RefusalRemovesHolder(Server):
    """a client refused for a name in use removes the holder of the name when it leaves"""

    found = "name-in-use"

    def refuse(self, member: Member, why: Refused) -> None:
        super().refuse(member, why)
        if str(why) == "name in use":
            self.members.clear()


class HalfName(Server):
    """a partial name counts as a name when the connection ends"""

    found = "half-a-name"

    def line(self, member: Member) -> bytes | None:
        line = super().line(member)
        if line is None and member.buffer and not member.name:
            line, member.buffer = member.buffer, b""
        return line


class NamesCutAtSixteen(Server):
    """names are cut at 12 characters"""

    found = "long-name"

    def join(self, member: Member, name: str) -> None:
        super().join(member, name[:12])


class TimeoutIsLeave(Server):
    """a name that arrives byte by byte is read with one recv per line"""

    found = "pieces"

    def line(self, member: Member) -> bytes | None:
        if not member.name and b"\n" not in member.buffer:
            member.buffer = member.socket.recv(100).rstrip() + b"\n"
        return super().line(member)


class WaitsForMore(Server):
    """a line is delivered only when the next one has arrived"""

    found = "message"
    last: threading.local = threading.local()

    def said(self, member: Member, text: bytes) -> None:
        last = getattr(self.last, "text", None)
        self.last.text = text
        if last is not None:
            self.say(member, last)


class ReturnApart(Server):
    """\\r\\n is replaced in each recv, so a CR stays if its LF arrives in the next one"""

    found = "carriage-return"

    def line(self, member: Member) -> bytes | None:
        while b"\n" not in member.buffer:
            data = member.socket.recv(4096)
            if not data:
                return None
            member.buffer += data.replace(b"\r\n", b"\n")
        line, _, member.buffer = member.buffer.partition(b"\n")
        return line


class LimitCountsReturn(Server):
    """the limit of 1,000 characters includes the CR"""

    found = "carriage-return"

    def line(self, member: Member) -> bytes | None:
        begin = len(member.buffer)
        line = super().line(member)
        if line is not None and begin == 0 and len(line) > 998:
            raise Refused("line too long")
        return line


class GoesOnBehindIt(Server):
    """a line that is too long gets its ! line, but the lines that came with it are delivered"""

    found = "longer-line"

    def said(self, member: Member, text: bytes) -> None:
        if len(text) > 1_000:
            member.put(b"! line too long\n")
        else:
            self.say(member, text)


class PartialLineOnReset(Server):
    """a partial line is delivered when an error in recv ends the connection"""

    found = "partial-line"

    def line(self, member: Member) -> bytes | None:
        try:
            return super().line(member)
        except OSError:
            if member.name and member.buffer:
                self.say(member, member.buffer)
            raise

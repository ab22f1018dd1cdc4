"""Servers that keep the public protocol in a manner of their own: no required check accuses them.

Each is the right server with one liberty that the protocol leaves (its docstring), started by
`python -m tests.host.check.variants PORT NAME`.
"""

from __future__ import annotations

import contextlib
import inspect
import re
import socket
import sys
import threading

from tests.host.check.faults.base import Member, Refused, Server


class Terse(Server):
    """notices of few words, no list where there is nobody to list"""

    def listing(self) -> bytes:
        return b"* " + (b" ".join(name.encode() for name in self.members) or b"-") + b"\n"

    def tell(self, line: bytes, but: Member | None = None) -> None:
        line = line.replace(b" has entered the room", b" +") if but is None else line
        super().tell(line.replace(b" has left the room", b" -") if but is None else line, but)


class Chatty(Server):
    """notices with marks around the name, a count of the members, colours, an exclamation mark"""

    def listing(self) -> bytes:
        names = "', '".join(self.members)
        return f"*** Hello! {len(self.members)} here: '{names}' (have fun!)\n".encode()

    def tell(self, line: bytes, but: Member | None = None) -> None:
        if but is None:
            words = re.sub(rb"^\* (\w+) ", b"* \x1b[32m<\\1>\x1b[0m ", line.rstrip(b"\n"))
            line = b"%s! Now we are %d.\n" % (words, len(self.members))
        super().tell(line, but)


class ListsInNotices(Server):
    """each notice ends in the list of those who are there now"""

    def tell(self, line: bytes, but: Member | None = None) -> None:
        if but is None:
            names = {*self.members, *re.findall(r"\* (\w+) has entered", line.decode())}
            line = line.rstrip(b"\n") + f"; here: {', '.join(sorted(names))}\n".encode()
        super().tell(line, but)


class CarriageReturns(Server):
    """lines end in \\r\\n"""

    class member(Member):  # noqa: N801
        def put(self, line: bytes) -> None:
            super().put(line.replace(b"\n", b"\r\n"))


class ClosesWithoutAWord(Server):
    """who is not let in is told nothing; a name in use is no reason, and each is served"""

    def check(self, name: str) -> None:
        if not re.fullmatch("[A-Za-z0-9]{1,16}", name):
            raise Refused("bad name")

    def listing(self) -> bytes:
        return b"* here: %s\n" % ", ".join(m.name for m in self.members.values()).encode()

    def add(self, member: Member, name: str) -> None:
        member.name = name
        self.members[f"{name} {id(member)}"] = member

    def remove(self, member: Member) -> None:
        del self.members[f"{member.name} {id(member)}"]

    def refuse(self, member: Member, why: Refused) -> None:
        pass


class RefusesWithAStar(Server):
    """a refusal begins like a notice"""

    def refuse(self, member: Member, why: Refused) -> None:
        member.put(b"* Sorry, %s. Goodbye.\n" % str(why).encode())


class ExactLimits(Server):
    """a name has 16 characters at most, a line 1,000"""

    def check(self, name: str) -> None:
        super().check(name)
        if len(name) > 16:
            raise Refused("name too long")

    def said(self, member: Member, text: bytes) -> None:
        if len(text) > 1_000:
            raise Refused("line too long")
        super().said(member, text)


class Trims(Server):
    """spaces around a name and after a line are ignored"""

    def join(self, member: Member, name: str) -> None:
        super().join(member, name.strip())

    def said(self, member: Member, text: bytes) -> None:
        super().said(member, text.rstrip())


class TenOnly(Server):
    """ten connections at a time, who comes eleventh is not let in"""

    places = threading.Semaphore(10)

    def serve(self, sock: socket.socket) -> None:
        # On a busy machine who has left may still have a place for a moment.
        if self.places.acquire(timeout=2.0):
            try:
                super().serve(sock)
            finally:
                self.places.release()
        else:
            sock.close()


class TellsBeforeItForgets(Server):
    """a leave is told, and the member taken out of the room a moment later"""

    def leave(self, member: Member) -> None:
        if member.name:
            self.tell(b"* %s has left the room\n" % member.name.encode(), but=member)
            threading.Event().wait(0.05)
            with self.lock, contextlib.suppress(KeyError):
                self.remove(member)
        member.close()


class LastPieceIsLine(Server):
    """what has no end of line when the connection ends is a line (as with Java's readLine)"""

    def line(self, member: Member) -> bytes | None:
        line = super().line(member)
        if line is None and member.buffer:
            line, member.buffer = member.buffer, b""
        return line


class InPieces(Server):
    """each line is sent in small pieces, a moment apart"""

    class member(Member):  # noqa: N801
        def send(self, line: bytes) -> None:
            for start in range(0, len(line), max(1, len(line) // 3)):
                self.socket.sendall(line[start : start + max(1, len(line) // 3)])
                threading.Event().wait(0.001)


class OneLock(Server):
    """sends to all members under one lock, without queues: one who does not read stops the room"""

    class member(Member):  # noqa: N801
        def put(self, line: bytes) -> None:
            with contextlib.suppress(OSError):
                self.socket.sendall(line)


VARIANTS: dict[str, type[Server]] = {
    name: found
    for name, found in list(globals().items())
    if inspect.isclass(found) and issubclass(found, Server) and found is not Server
}

if __name__ == "__main__":
    VARIANTS[sys.argv[2]]().run(int(sys.argv[1]))

"""Mistakes with how connections end, and with members that are behind."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time

from tests.host.check.faults.base import Member, Refused, Server


class AcceptAsksForPeer(Server):
    """the loop that accepts asks for the peer's name, and ends where it has gone"""

    found = "gone-at-once"

    def accept(self, listener: socket.socket) -> None:
        sock, _ = listener.accept()
        sock.getpeername()
        threading.Thread(target=self.serve, args=(sock,), daemon=True).start()


class AcceptGreets(Server):
    """the loop that accepts sends the greeting itself, and ends where that fails"""

    found = "gone-at-once"

    def accept(self, listener: socket.socket) -> None:
        sock, _ = listener.accept()
        sock.sendall(b"Your name?\n")
        threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def converse(self, member: Member) -> None:
        name = self.line(member)
        if name is not None:
            self.join(member, name.decode("latin-1"))
            while (text := self.line(member)) is not None:
                self.say(member, text)


class EndIsIgnored(Server):
    """a recv of nothing is taken for nothing yet"""

    found = "leave"

    def line(self, member: Member) -> bytes | None:
        while (line := super().line(member)) is None:
            time.sleep(0.01)
        return line


class RefusedStays(Server):
    """a refused connection is not closed"""

    found = "bad-name"

    def refuse(self, member: Member, why: Refused) -> None:
        super().refuse(member, why)
        threading.Event().wait()


class RefusalLost(Server):
    """a refused connection is reset, and the line that says why is lost with it"""

    found = "bad-name-line"

    def refuse(self, member: Member, why: Refused) -> None:
        member.cut_off()


class SendsUnderLock(Server):
    """whoever speaks sends to each member under the lock, and waits for those who do not read"""

    found = "slow-member"

    class member(Member):  # noqa: N801
        def put(self, line: bytes) -> None:
            with contextlib.suppress(OSError):
                self.socket.sendall(line)


class TimeoutUnderLock(Server):
    """a member that does not read is waited for five seconds under the lock, then cut off"""

    found = "slow-member"

    class member(Member):  # noqa: N801
        def __init__(self, sock: socket.socket) -> None:
            super().__init__(sock)
            self.gone = False

        def put(self, line: bytes) -> None:
            if self.gone:
                return
            with contextlib.suppress(queue.Full):
                self.queue.put(line, timeout=5)
                return
            self.gone = True
            self.cut_off()


class SendNotSendall(Server):
    """what a non-blocking send does not take is dropped"""

    found = "paused-member"

    class member(Member):  # noqa: N801
        def put(self, line: bytes) -> None:
            with contextlib.suppress(OSError):
                self.socket.send(line, socket.MSG_DONTWAIT)


class DropsNewest(Server):
    """lines for a member whose queue is full are dropped"""

    found = "paused-member"

    class member(Member):  # noqa: N801
        def put(self, line: bytes) -> None:
            with contextlib.suppress(queue.Full):
                self.queue.put_nowait(line)


class DropsOldest(Server):
    """the oldest line makes room in a queue that is full"""

    found = "paused-member"

    class member(Member):  # noqa: N801
        def put(self, line: bytes) -> None:
            while True:
                with contextlib.suppress(queue.Full):
                    self.queue.put_nowait(line)
                    return
                with contextlib.suppress(queue.Empty):
                    self.queue.get_nowait()


class WriterGivesUp(Server):
    """a member that once did not read for half a second gets nothing any more, and stays"""

    found = "paused-member"

    class member(Member):  # noqa: N801
        def __init__(self, sock: socket.socket) -> None:
            super().__init__(sock)
            self.queue = queue.Queue()

        def send(self, line: bytes) -> None:
            duplicate = self.socket.dup()
            duplicate.settimeout(0.5)
            with duplicate:
                duplicate.sendall(line)


class LeaveOnlyOnClose(Server):
    """a reset ends the thread by an error that nobody catches, and the leave is not told"""

    found = "leave"

    def serve(self, sock: socket.socket) -> None:
        member = self.member(sock)
        with contextlib.suppress(OSError):
            try:
                self.converse(member)
            except Refused as why:
                self.refuse(member, why)
            self.leave(member)


class LeftStillHears(Server):
    """who leaves is told of, but stays in the dict until its name is wanted again"""

    found = "rejoin"

    def check(self, name: str) -> None:
        if name in self.members and self.members[name].socket.fileno() < 0:
            del self.members[name]
        super().check(name)

    def remove(self, member: Member) -> None:
        pass

"""Mistakes with how connections end, and with members that are behind."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading
import time

from tests.host.check.faults.base import Member, Refused, Server


class AcceptAsksForPeer(Server):
    """the accept loop asks for the peer's address and ends if the peer has gone"""

    found = "gone-at-once"

    def accept(self, listener: socket.socket) -> None:
        sock, _ = listener.accept()
        sock.getpeername()
        threading.Thread(target=self.serve, args=(sock,), daemon=True).start()


class AcceptGreets(Server):
    """the accept loop sends the greeting itself and ends if that fails"""

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
    """an empty recv is not treated as the end of the connection"""

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
    """a refused connection is reset, which loses its error line"""

    found = "bad-name-line"

    def refuse(self, member: Member, why: Refused) -> None:
        member.cut_off()


class SendsUnderLock(Server):
    """the sender sends to each member under the lock and waits for those that do not read"""

    found = "slow-member"

    class member(Member):  # noqa: N801
        def put(self, line: bytes) -> None:
            with contextlib.suppress(OSError):
                self.socket.sendall(line)


class TimeoutUnderLock(Server):
    """the lock is held for five seconds before a member that does not read is disconnected"""

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
    """the part that a non-blocking send does not accept is dropped"""

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
    """the oldest line is dropped from a queue that is full"""

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
    """a member that did not read for half a second receives nothing more, and stays"""

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
    """an error after a reset is not caught, and the leave is not announced"""

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
    """a leave is announced, but the member stays in the dict until its name is used again"""

    found = "rejoin"

    def check(self, name: str) -> None:
        if name in self.members and self.members[name].socket.fileno() < 0:
            del self.members[name]
        super().check(name)

    def remove(self, member: Member) -> None:
        pass


class PlacesKept(Server):
    """there are a hundred places, and only members give theirs back"""

    found = "many-visits"

    def __init__(self) -> None:
        super().__init__()
        self.places = threading.Semaphore(100)

    def serve(self, sock: socket.socket) -> None:
        self.places.acquire()
        super().serve(sock)

    def remove(self, member: Member) -> None:
        super().remove(member)
        self.places.release()


class CutOffStillTalks(Server):
    """a member that does not read is removed, but its lines are still delivered"""

    found = "slow-member"

    class member(Member):  # noqa: N801
        server: CutOffStillTalks

        def cut_off(self) -> None:
            self.server.leave_early(self)

    def converse(self, member: Member) -> None:
        assert isinstance(member, self.member)
        member.server = self
        super().converse(member)

    def leave_early(self, member: Member) -> None:
        with self.lock:
            if self.members.pop(member.name, None):
                threading.Thread(target=self._tell_of, args=(member.name,), daemon=True).start()

    def _tell_of(self, name: str) -> None:
        self.tell(b"* %s has left the room\n" % name.encode())

    def remove(self, member: Member) -> None:
        self.members.pop(member.name, None)


class BurstDropped(Server):
    """lines go through a queue of the room and are dropped if it is full"""

    found = "burst"

    def __init__(self) -> None:
        super().__init__()
        self.said_lines: queue.Queue[tuple[Member, bytes]] = queue.Queue(100)
        threading.Thread(target=self.deliver, daemon=True).start()

    def said(self, member: Member, text: bytes) -> None:
        with contextlib.suppress(queue.Full):
            self.said_lines.put_nowait((member, text))

    def deliver(self) -> None:
        while True:
            self.say(*self.said_lines.get())


class TimeoutStays(Server):
    """the time limit for the name is never removed: a silent member is disconnected"""

    found = "quiet-member"

    def converse(self, member: Member) -> None:
        member.socket.settimeout(1.0)
        super().converse(member)

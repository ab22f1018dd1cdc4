"""A small chat server of its own, right unless it is told to make one of FAULTS.

    python faulty_chat.py PORT [FAULT]

Each fault is a mistake that people make. The server is as people write it: one thread a client,
a lock around the dict of members, a queue and a writing thread for each member.
"""

from __future__ import annotations

import contextlib
import os
import queue
import re
import signal
import socket
import struct
import sys
import threading
import time

FAULTS = {
    "no-greeting": "waits for the name without asking for it",
    "greeting-without-newline": "the greeting does not end with a newline",
    "echo": "the sender gets its own line back",
    "no-list": "a new member does not receive the list of members",
    "list-with-self": "the list contains the new member itself",
    "list-forgets": "the list names at most one member",
    "join-told-to-self": "the new member receives the notice of its own join",
    "join-untold": "joins are not announced",
    "leave-untold": "leaves are not announced",
    "leave-untold-after-reset": "an error in recv ends the thread before the leave is announced",
    "leave-twice": "leaves are announced twice",
    "ghost-leave": "a leave is announced for a client that never joined",
    "partial-line": "a partial line is delivered when the connection ends",
    "recv-is-line": "each recv is treated as one line",
    "one-line-a-recv": "only the first line of each recv is delivered",
    "rest-after-name-lost": "lines in the same segment as the name are dropped",
    "short-lines": "lines are cut at 500 characters",
    "short-names": "names are limited to 10 characters",
    "bad-names": "names are not checked",
    "empty-name": "the empty name is accepted",
    "refused-name-told": "a leave is announced for a refused name",
    "silent-refusal": "a refused name gets no error line",
    "same-names": "a name in use is accepted",
    "serial": "clients are served one after the other",
    "name-before-accept": "the name is read before the next connection is accepted",
    "reset-stops-delivery": "an error with one member ends the delivery to the others",
    "reset-ends-server": "an error with one member ends the whole server",
    "torn": "name and text are sent in two pieces without a lock",
    "no-order": "each sender delivers by itself, member by member",
    "own-order-lost": "each line is delivered by its own thread",
    "skips": "the list of members is changed while it is iterated",
    "doubled": "a line is sometimes queued twice",
    "talk-before-name": "lines also go to clients that have not sent their name",
    "slow-blocks": "the lock is held while sending to a member that does not read",
    "never-cut-off": "a member that does not read is kept, and its queue is unlimited",
    "carriage-return": "the CR before the LF is kept",
    "stripped": "spaces around a line are stripped",
    "lower-case": "text is converted to lower case",
    "endless-line": "the length of a line is unlimited",
    "leaks-descriptors": "sockets are not closed",
    "leaks-threads": "the writing thread never ends",
    "ignores-sigterm": "SIGTERM is ignored",
    "wrong-status": "the exit status is 1",
    "wrong-brackets": "messages use angle brackets around the name",
}
LIMIT = 100_000
QUEUE = 1_000
END = None
#: Faults of those who send to each member themselves.
DIRECT = ("slow-blocks", "torn", "reset-stops-delivery", "reset-ends-server")


class Member:
    """A connection with a writing thread."""

    def __init__(self, server: Server, sock: socket.socket) -> None:
        self.server, self.socket = server, sock
        self.name = ""
        self.joined = self.dead = False
        self.buffer = b""
        limit = 0 if server.fault == "never-cut-off" else QUEUE
        self.queue: queue.Queue[bytes | None] = queue.Queue(limit)
        self.writer = threading.Thread(target=self.write, daemon=True)
        self.writer.start()

    def put(self, data: bytes) -> None:
        if self.server.fault in DIRECT:
            self.socket.sendall(data)
            return
        try:
            self.queue.put_nowait(data)
        except queue.Full:
            self.dead = True
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.socket.shutdown(socket.SHUT_RDWR)

    def write(self) -> None:
        with contextlib.suppress(OSError):
            while (data := self.queue.get()) is not END:
                self.socket.sendall(data)
        if self.server.fault == "leaks-threads":
            threading.Event().wait()

    def finish(self) -> None:
        """Send what is queued, then close."""
        with contextlib.suppress(queue.Full):
            self.queue.put(END, timeout=1)
        if self.server.fault != "leaks-threads":
            self.writer.join(2)
        if self.server.fault == "leaks-descriptors":
            self.server.kept.append(self.socket)
            self.socket.shutdown(socket.SHUT_RDWR)
            return
        self.socket.close()


class Server:
    """Members and the lock around them."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        self.lock = threading.RLock()
        self.members: list[Member] = []
        self.silent: list[Member] = []
        self.kept: list[socket.socket] = []
        self.told = 0

    # --- saying

    def tell(self, line: bytes, but: Member | None) -> None:
        if self.fault == "no-order":
            for member in list(self.members):
                if member is not but:
                    time.sleep(0.0002)
                    self.put(member, line)
            return
        with self.lock:
            self.told += 1
            for member in list(self.members):
                if member is not but or self.fault == "echo":
                    self.put(member, line)
            if self.fault == "talk-before-name":
                for member in self.silent:
                    self.put(member, line)

    def tell_late(self, line: bytes, but: Member) -> None:
        time.sleep(0.001 * (len(line) % 3))
        self.tell(line, but)

    def put(self, member: Member, line: bytes) -> None:
        if self.fault == "doubled" and self.told % 50 == 0:
            member.put(line)
        try:
            member.put(line)
        except OSError:
            if self.fault == "reset-stops-delivery":
                raise
            if self.fault == "reset-ends-server":
                os._exit(1)

    def say(self, member: Member, text: bytes) -> None:
        name = member.name.encode()
        if self.fault == "lower-case":
            text = text.lower()
        if self.fault == "short-lines":
            text = text[:500]
        if self.fault == "torn":
            for other in list(self.members):
                if other is not member:
                    self.put(other, b"[" + name + b"] ")
                    time.sleep(0.002)  # so that two who talk at once do meet
                    self.put(other, text + b"\n")
            return
        brackets = b"<%s> " if self.fault == "wrong-brackets" else b"[%s] "
        line = brackets % name + text + b"\n"
        if self.fault == "own-order-lost":
            threading.Thread(target=self.tell_late, args=(line, member), daemon=True).start()
        else:
            self.tell(line, member)

    # --- coming and going

    def serve(self, sock: socket.socket) -> None:
        member = Member(self, sock)
        self.silent.append(member)
        try:
            self.converse(member)
        except OSError:
            if self.fault == "leave-untold-after-reset":
                return
        except ValueError as refusal:
            if self.fault != "silent-refusal":
                member.put(b"! %s\n" % str(refusal).encode())
            if self.fault == "refused-name-told":
                self.tell(b"* somebody has left the room\n", member)
        self.leave(member)

    def greet(self, member: Member) -> None:
        if self.fault == "greeting-without-newline":
            member.put(b"Your name? ")
        elif self.fault != "no-greeting":
            member.put(b"Your name?\n")

    def converse(self, member: Member) -> None:
        self.greet(member)
        name = self.line(member)
        if name is None:
            return
        self.join(member, name.decode("latin-1"))
        if self.fault == "rest-after-name-lost":
            member.buffer = b""
        while (line := self.line(member)) is not None:
            self.say(member, line)

    def join(self, member: Member, name: str) -> None:
        longest = 10 if self.fault == "short-names" else 20
        empty = self.fault == "empty-name" and not name
        unchecked = self.fault == "bad-names" or empty
        if not unchecked and not re.fullmatch(f"[A-Za-z0-9]{{1,{longest}}}", name):
            raise ValueError("bad name")
        with self.lock:
            names = [other.name for other in self.members]
            if name in names and self.fault != "same-names":
                raise ValueError("name in use")
            member.name = name
            if self.fault == "list-with-self":
                names.append(name)
            if self.fault == "list-forgets":
                names = names[:1]
            if self.fault != "no-list":
                member.put(b"* The room contains: %s\n" % ", ".join(names).encode())
            if self.fault != "join-untold":
                announcer = None if self.fault == "join-told-to-self" else member
                if announcer is None:
                    member.put(b"* %s has entered the room\n" % name.encode())
                self.tell(b"* %s has entered the room\n" % name.encode(), member)
            self.members.append(member)
            self.silent.remove(member)
            member.joined = True

    def leave(self, member: Member) -> None:
        with self.lock:
            if self.fault == "skips" and member.joined:
                self.remove_and_tell(member)
            if member in self.members:
                self.members.remove(member)
            if member in self.silent:
                self.silent.remove(member)
            there = member.joined or self.fault == "ghost-leave"
            if there and self.fault not in ("leave-untold", "skips"):
                line = b"* %s has left the room\n" % (member.name or "ghost").encode()
                self.tell(line, member)
                if self.fault == "leave-twice":
                    self.tell(line, member)
        member.finish()

    def remove_and_tell(self, member: Member) -> None:
        """The mistake: the member after the one that is removed is skipped."""
        for other in self.members:
            if other is member:
                self.members.remove(member)
            else:
                self.put(other, b"* %s has left the room\n" % member.name.encode())

    # --- reading

    def line(self, member: Member) -> bytes | None:
        if self.fault == "recv-is-line":
            data = member.socket.recv(4096)
            return data.rstrip(b"\r\n") if data else None
        while b"\n" not in member.buffer:
            data = member.socket.recv(4096)
            if not data:
                rest, member.buffer = member.buffer, b""
                return rest if rest and self.fault == "partial-line" and member.joined else None
            member.buffer += data
            if len(member.buffer) > LIMIT and self.fault != "endless-line":
                raise ValueError("line too long")
        line, _, member.buffer = member.buffer.partition(b"\n")
        if self.fault == "one-line-a-recv":
            member.buffer = b""
        if self.fault == "stripped":
            return line.strip()
        return line if self.fault == "carriage-return" else line.removesuffix(b"\r")


def name_before_accept(server: Server, sock: socket.socket) -> None:
    """The mistake: the accepting thread waits for the name."""
    sock.recv(1, socket.MSG_PEEK)
    threading.Thread(target=server.serve, args=(sock,), daemon=True).start()


def main(port: int, fault: str) -> None:
    status = 1 if fault == "wrong-status" else 0
    action = signal.SIG_IGN if fault == "ignores-sigterm" else lambda *_: os._exit(status)
    signal.signal(signal.SIGTERM, action)
    server = Server(fault)
    listener = socket.create_server(("127.0.0.1", port), backlog=200)
    while True:
        sock, _ = listener.accept()
        if fault == "serial":
            server.serve(sock)
        elif fault == "name-before-accept":
            server.greet(Member(server, sock))
            name_before_accept(server, sock)
        else:
            threading.Thread(target=server.serve, args=(sock,), daemon=True).start()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "")

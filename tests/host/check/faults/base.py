"""A right chat server in small methods, so that a fault is a subclass that does one of them wrong.

One thread reads and one writes for each client; one lock guards the dict of members; each member
has a bounded queue. The docstring of a subclass is its mistake, `found` the check that sees it.
"""

from __future__ import annotations

import contextlib
import os
import queue
import re
import signal
import socket
import struct
import threading
from typing import ClassVar

QUEUE = 1_000
NAME = re.compile("[A-Za-z0-9]{1,32}")


class Refused(Exception):
    """Why somebody is not let in, or not any longer."""


class Member:
    """A connection with a writing thread."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self.name = ""
        self.buffer = b""
        self.queue: queue.Queue[bytes | None] = queue.Queue(QUEUE)
        self.writer = threading.Thread(target=self.write, daemon=True)
        self.writer.start()

    def put(self, line: bytes) -> None:
        try:
            self.queue.put_nowait(line)
        except queue.Full:
            self.cut_off()

    def cut_off(self) -> None:
        linger = struct.pack("ii", 1, 0)
        with contextlib.suppress(OSError):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.socket.shutdown(socket.SHUT_RDWR)

    def write(self) -> None:
        with contextlib.suppress(OSError):
            while (line := self.queue.get()) is not None:
                self.send(line)

    def send(self, line: bytes) -> None:
        self.socket.sendall(line)

    def close(self) -> None:
        """Send what is queued, then close."""
        with contextlib.suppress(queue.Full):
            self.queue.put(None, timeout=1)
        self.writer.join(2)
        self.socket.close()


class Server:
    """The room and its conversations."""

    found: ClassVar[str] = ""
    member = Member
    limit = 100_000
    backlog = 128
    reuse = True

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.members: dict[str, Member] = {}

    # --- saying

    def tell(self, line: bytes, but: Member | None = None) -> None:
        with self.lock:
            for member in self.members.values():
                if member is not but:
                    member.put(line)

    def say(self, member: Member, text: bytes) -> None:
        self.tell(b"[%s] %s\n" % (member.name.encode(), text), member)

    # --- coming and going

    def check(self, name: str) -> None:
        if not NAME.fullmatch(name):
            raise Refused("bad name")
        if name in self.members:
            raise Refused("name in use")

    def listing(self) -> bytes:
        return b"* The room contains: %s\n" % ", ".join(self.members).encode()

    def join(self, member: Member, name: str) -> None:
        with self.lock:
            self.check(name)
            member.put(self.listing())
            self.tell(b"* %s has entered the room\n" % name.encode())
            self.add(member, name)

    def add(self, member: Member, name: str) -> None:
        member.name = name
        self.members[name] = member

    def leave(self, member: Member) -> None:
        with self.lock:
            if member.name:
                self.remove(member)
                self.tell(b"* %s has left the room\n" % member.name.encode())
        member.close()

    def remove(self, member: Member) -> None:
        del self.members[member.name]

    def refuse(self, member: Member, why: Refused) -> None:
        member.put(b"! %s\n" % str(why).encode())

    def serve(self, sock: socket.socket) -> None:
        member = self.member(sock)
        try:
            self.converse(member)
        except Refused as why:
            self.refuse(member, why)
        except OSError:
            pass
        finally:
            self.leave(member)

    def converse(self, member: Member) -> None:
        member.put(b"Your name?\n")
        name = self.line(member)
        if name is None:
            return
        self.join(member, name.decode("latin-1"))
        while (text := self.line(member)) is not None:
            self.said(member, text)

    def said(self, member: Member, text: bytes) -> None:
        self.say(member, text)

    def line(self, member: Member) -> bytes | None:
        while b"\n" not in member.buffer:
            data = member.socket.recv(4096)
            if not data:
                return None
            member.buffer += data
            if len(member.buffer) > self.limit:
                raise Refused("line too long")
        line, _, member.buffer = member.buffer.partition(b"\n")
        return line.removesuffix(b"\r")

    # --- the process

    def accept(self, listener: socket.socket) -> None:
        sock, _ = listener.accept()
        threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def on_stop(self) -> None:
        os._exit(0)

    def run(self, port: int) -> None:
        signal.signal(signal.SIGTERM, lambda *_: self.on_stop())
        listener = socket.socket()
        if self.reuse:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(self.backlog)
        while True:
            self.accept(listener)

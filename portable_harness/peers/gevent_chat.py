"""Chat with gevent: a reading greenlet, a queue and a writing greenlet a member.

A member whose queue is full is cut off.
"""

from __future__ import annotations

import contextlib
import socket

import gevent
import gevent.socket
from gevent.queue import Full, Queue
from gevent.server import StreamServer

from portable_harness.peers import common, room

WAITING = 512  # lines

members: dict[bytes, Member] = {}


class Member:
    def __init__(self, connection: gevent.socket.socket) -> None:
        self.connection = connection
        self.name = b""
        self.lines: Queue[bytes | None] = Queue(WAITING)

    def post(self, line: bytes | None) -> None:
        try:
            self.lines.put_nowait(line)
        except Full:
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)  # its greenlets see that and end

    def write(self) -> None:
        """Send what waits, up to the None that ends it."""
        with contextlib.suppress(OSError):
            while (line := self.lines.get()) is not None:
                self.connection.sendall(line)

    def talk(self) -> None:
        self.post(room.GREETING)
        with self.connection.makefile("rb") as lines:
            while (line := lines.readline(common.LIMIT)).endswith(b"\n"):
                text = line.rstrip(b"\r\n")
                if self.name:
                    tell_others(self, room.message(self.name, text))
                elif problem := room.refusal(text, members):
                    self.post(problem)
                    return
                else:
                    self.join(text)

    def join(self, name: bytes) -> None:
        self.name = name
        tell_others(self, room.entered(name))
        self.post(room.member_list(list(members)))
        members[name] = self


def tell_others(me: Member, line: bytes) -> None:
    for member in members.values():
        if member is not me:
            member.post(line)


def handle(connection: gevent.socket.socket, address: tuple[str, int]) -> None:
    del address
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    member = Member(connection)
    writer = gevent.spawn(member.write)
    try:
        with contextlib.suppress(OSError):
            member.talk()
    finally:
        if members.pop(member.name, None):
            tell_others(member, room.left(member.name))
            writer.kill()
        else:
            member.post(None)  # one that was refused gets the reason before the end
            writer.join(5)
            writer.kill()


if __name__ == "__main__":
    server = StreamServer(common.arguments(), handle, backlog=common.BACKLOG)
    server.start()
    common.ready(server.address)
    server.serve_forever()

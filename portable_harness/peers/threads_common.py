"""What the two classic thread-per-member peers share: joining, reading, leaving."""

from __future__ import annotations

import socket
import threading
from abc import ABC, abstractmethod

from portable_harness.peers import common, room


class ThreadedChat(ABC):
    """One reader thread a member, one lock around the list; `post` is what the peers differ in."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.members: dict[bytes, socket.socket] = {}

    @abstractmethod
    def post(self, name: bytes, connection: socket.socket, line: bytes) -> None:
        """Send `line` to a member, or see to it; the lock is held."""

    def admit(self, name: bytes, connection: socket.socket) -> None:
        """The member is about to join; the lock is held."""
        del name, connection

    def dismiss(self, name: bytes) -> None:
        """The member has left; the lock is held."""
        del name

    def tell_others(self, me: bytes, line: bytes) -> None:
        for name, connection in self.members.items():
            if name != me:
                self.post(name, connection, line)

    def handle(self, connection: socket.socket) -> None:
        name = b""
        try:
            connection.sendall(room.GREETING)
            lines = connection.makefile("rb")
            first = lines.readline(common.LIMIT)
            name = self.join(connection, first.rstrip(b"\r\n")) if first.endswith(b"\n") else b""
            while name and (line := lines.readline(common.LIMIT)).endswith(b"\n"):
                with self.lock:
                    self.tell_others(name, room.message(name, line.rstrip(b"\r\n")))
        except OSError:
            pass
        finally:
            self.leave(name)
            connection.close()

    def join(self, connection: socket.socket, name: bytes) -> bytes:
        with self.lock:
            if problem := room.refusal(name, self.members):
                connection.sendall(problem)
                return b""
            self.tell_others(name, room.entered(name))
            self.admit(name, connection)
            self.post(name, connection, room.member_list(list(self.members)))
            self.members[name] = connection
            return name

    def leave(self, name: bytes) -> None:
        with self.lock:
            if self.members.pop(name, None):
                self.dismiss(name)
                self.tell_others(name, room.left(name))

    def serve(self) -> None:
        threading.stack_size(256 * 1024)
        listener = socket.create_server(common.arguments(), backlog=common.BACKLOG)
        common.ready(listener.getsockname())
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.handle, args=(connection,), daemon=True).start()

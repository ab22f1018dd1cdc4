"""Chat with socketserver.ThreadingTCPServer: a thread a member, one lock around the list.

Where it breaks: one member that stops reading blocks the sender, who holds the lock.
"""

from __future__ import annotations

import contextlib
import socketserver
import threading

from portable_harness.peers import common, room

lock = threading.Lock()
members: dict[bytes, socketserver.StreamRequestHandler] = {}


class Chat(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True
    name = b""

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self.wfile.write(room.GREETING)
            if name := self.line():
                self.join(name)
            while self.name and (text := self.line()) is not None:
                with lock:
                    self.tell_others(room.message(self.name, text))

    def line(self) -> bytes | None:
        """The next whole line without its end; None when there is none, or one that is too long."""
        line = self.rfile.readline(common.LIMIT)
        return line.rstrip(b"\r\n") if line.endswith(b"\n") else None

    def join(self, name: bytes) -> None:
        with lock:
            if problem := room.refusal(name, members):
                self.wfile.write(problem)
                return
            self.tell_others(room.entered(name))
            with contextlib.suppress(OSError):  # gone already: `finish` announces it
                self.wfile.write(room.member_list(list(members)))
            self.name = name
            members[name] = self

    def tell_others(self, line: bytes) -> None:
        for member in members.values():
            if member is not self:
                with contextlib.suppress(OSError):  # it is just leaving
                    member.wfile.write(line)

    def finish(self) -> None:
        with lock:
            if members.pop(self.name, None):
                self.tell_others(room.left(self.name))
        super().finish()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = common.BACKLOG


if __name__ == "__main__":
    with Server(common.arguments(), Chat) as server:
        common.ready(server.socket.getsockname())
        server.serve_forever()

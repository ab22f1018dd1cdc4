"""A queue and a writer thread a member: nobody blocks anybody, for two threads a member."""

from __future__ import annotations

import contextlib
import queue
import socket
import threading

from portable_harness.peers.threads_common import ThreadedChat

Lines = queue.SimpleQueue[bytes | None]


def write(connection: socket.socket, lines: Lines) -> None:
    with contextlib.suppress(OSError):
        while (line := lines.get()) is not None:
            connection.sendall(line)


class WriterThreads(ThreadedChat):
    def __init__(self) -> None:
        super().__init__()
        self.queues: dict[bytes, Lines] = {}

    def admit(self, name: bytes, connection: socket.socket) -> None:
        lines = self.queues[name] = queue.SimpleQueue()
        threading.Thread(target=write, args=(connection, lines), daemon=True).start()

    def post(self, name: bytes, connection: socket.socket, line: bytes) -> None:
        self.queues[name].put(line)

    def dismiss(self, name: bytes) -> None:
        self.queues.pop(name).put(None)


if __name__ == "__main__":
    WriterThreads().serve()

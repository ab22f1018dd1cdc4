"""The classic: one lock around the list, sendall to each member while holding it.

Where it breaks: one member that stops reading blocks the sender, who holds the lock.
"""

from __future__ import annotations

import contextlib
import socket

from portable_harness.peers.threads_common import ThreadedChat


class LockAroundSendall(ThreadedChat):
    def post(self, name: bytes, connection: socket.socket, line: bytes) -> None:
        with contextlib.suppress(OSError):
            connection.sendall(line)


if __name__ == "__main__":
    LockAroundSendall().serve()

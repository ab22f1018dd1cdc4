"""Mistakes of the server as a process: limits, leaks, starting and stopping."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading

from tests.host.check.faults.base import Member, Refused, Server

SLEEPER = (sys.executable, "-c", "import time; time.sleep(600)")


class TwentyClients(Server):
    """an array has room for twenty clients; one more ends the server"""

    found = "crowd"
    connected = 0

    def serve(self, sock: socket.socket) -> None:
        with self.lock:
            self.connected += 1
            if self.connected > 20:
                os._exit(1)
        super().serve(sock)
        with self.lock:
            self.connected -= 1


class NoBacklog(Server):
    """the backlog is 0: a client that connects during another accept has to retry"""

    found = "backlog"
    backlog = 0


class BusyLoop(Server):
    """a thread polls for work instead of waiting for it"""

    found = "idle"

    def run(self, port: int) -> None:
        threading.Thread(target=self.look, daemon=True).start()
        super().run(port)

    def look(self) -> None:
        while True:
            any(member.buffer for member in list(self.members.values()))


class KeepsHistory(Server):
    """every line is kept as history"""

    found = "keeps-nothing"

    def __init__(self) -> None:
        super().__init__()
        self.history: list[bytes] = []

    def say(self, member: Member, text: bytes) -> None:
        self.history.append(b"%d %s" % (len(self.history), text))
        super().say(member, text)


class NoReuse(Server):
    """SO_REUSEADDR is not set: the port is blocked for a minute after a stop"""

    found = "restarts"
    reuse = False


class LeavesChild(Server):
    """a helper process continues to run after the server has stopped"""

    found = "stops"

    def run(self, port: int) -> None:
        with subprocess.Popen(SLEEPER, stdin=subprocess.DEVNULL, start_new_session=True):
            super().run(port)


class Zombies(Server):
    """a process is started for each connection and never waited for"""

    found = "no-leak"

    def serve(self, sock: socket.socket) -> None:
        self.helpers = [*getattr(self, "helpers", []), os.posix_spawn("/bin/true", ["true"], {})]
        super().serve(sock)


class LeaksRefused(Server):
    """the socket of a refused connection is shut down but not closed"""

    found = "no-leak"

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[socket.socket] = []

    def refuse(self, member: Member, why: Refused) -> None:
        super().refuse(member, why)
        self.refused.append(member.socket.dup())


class StopsWhenEmpty(Server):
    """SIGTERM takes effect only after the last member has left"""

    found = "stops"

    def on_stop(self) -> None:
        threading.Thread(target=self.wait, daemon=True).start()

    def wait(self) -> None:
        while self.members:
            threading.Event().wait(0.05)
        os._exit(0)


class NoLimit(Server):
    """the length of a line is unlimited, so one client can fill the memory"""

    found = "bounded-memory"
    limit = 1 << 40

    def line(self, member: Member) -> bytes | None:
        pieces = [member.buffer]
        while b"\n" not in pieces[-1]:
            data = member.socket.recv(1 << 20)
            if not data:
                return None
            pieces.append(data)
        line, _, member.buffer = b"".join(pieces).partition(b"\n")
        return line

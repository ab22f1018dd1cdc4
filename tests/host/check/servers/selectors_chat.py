"""A right chat server with one thread and a selector: CRLF line ends, the list has its length."""

from __future__ import annotations

import os
import selectors
import socket
import sys

LIMIT = 2_000  # bytes of a line
BEHIND = 2_000_000  # bytes that a member may be behind


class Member:
    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self.name = ""
        self.incoming = b""
        self.outgoing = b"Welcome! Your name, please:\r\n"
        self.closing = False


class Server:
    def __init__(self, port: int) -> None:
        self.listener = socket.create_server(("127.0.0.1", port), backlog=64)
        self.listener.setblocking(False)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ, None)
        self.members: list[Member] = []

    def run(self) -> None:
        while True:
            for key, mask in self.selector.select():
                if key.data is None:
                    self.accept()
                    continue
                if mask & selectors.EVENT_WRITE and key.data in self.members:
                    self.write(key.data)
                if mask & selectors.EVENT_READ and key.data in self.members:
                    self.read(key.data)

    def accept(self) -> None:
        try:
            sock, _ = self.listener.accept()
        except OSError:
            return
        sock.setblocking(False)
        member = Member(sock)
        self.members.append(member)
        self.selector.register(sock, selectors.EVENT_READ | selectors.EVENT_WRITE, member)

    def write(self, member: Member) -> None:
        try:
            sent = member.socket.send(member.outgoing) if member.outgoing else 0
        except BlockingIOError:
            return
        except OSError:
            self.drop(member)
            return
        member.outgoing = member.outgoing[sent:]
        if not member.outgoing:
            if member.closing:
                self.drop(member)
            else:
                self.selector.modify(member.socket, selectors.EVENT_READ, member)

    def put(self, member: Member, line: str) -> None:
        if member.closing:
            return
        member.outgoing += line.encode("latin-1") + b"\r\n"
        if len(member.outgoing) > BEHIND:
            self.drop(member)
        else:
            both = selectors.EVENT_READ | selectors.EVENT_WRITE
            self.selector.modify(member.socket, both, member)

    def tell(self, line: str, but: Member) -> None:
        for member in list(self.members):
            if member is not but and member.name and member in self.members:
                self.put(member, line)

    def drop(self, member: Member) -> None:
        if member in self.members:
            self.members.remove(member)
            self.selector.unregister(member.socket)
            member.socket.close()
            if member.name:
                self.tell(f"*** {member.name} left, {self.count()} still here", member)

    def count(self) -> int:
        return sum(bool(member.name) for member in self.members)

    def read(self, member: Member) -> None:
        try:
            data = member.socket.recv(4096)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.drop(member)
            return
        member.incoming += data
        while b"\n" in member.incoming and not member.closing and member in self.members:
            line, _, member.incoming = member.incoming.partition(b"\n")
            self.line(member, line.rstrip().decode("latin-1"))
        if len(member.incoming) > LIMIT and member in self.members:
            self.refuse(member, "that line is too long")

    def line(self, member: Member, line: str) -> None:
        if len(line) > LIMIT:
            self.refuse(member, "that line is too long")
        elif member.name:
            self.tell(f"[{member.name}] {line}", member)
        elif not (line.isascii() and line.isalnum()) or any(m.name == line for m in self.members):
            self.refuse(member, "pick another name")
        else:
            names = [other.name for other in self.members if other.name]
            self.put(member, f"* {len(names)} here: <{'> <'.join(names)}>")
            self.tell(f"*** {line} joined, {len(names) + 1} here", member)
            member.name = line

    def refuse(self, member: Member, why: str) -> None:
        self.put(member, f"! {why}")
        member.closing = True
        if member.name:
            name, member.name = member.name, ""
            self.tell(f"*** {name} left, {self.count()} still here", member)


Server(int(os.environ.get("PORT") or sys.argv[1])).run()

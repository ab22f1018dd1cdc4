"""A chat room that is correct by construction, driven at random: a source of valid histories.

The room is one list, the total order.  Everything around it is as loose as a real server and
network may be: what was sent waits for the server, what was delivered waits for the client, what
a client resets is lost from any point on, and members vanish in the middle of anything.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from random import Random

from portable_harness.chat import history as h


@dataclass
class Client:
    """One client with what is on its way in each direction."""

    number: int
    name: str
    to_server: deque[str] = field(default_factory=deque)
    to_client: deque[str] = field(default_factory=deque)
    member: bool = False
    reads: bool = True
    left: str = ""
    ended: bool = False
    said: int = 0


class SimulatedRoom:
    """`run` plays `actions` random actions and lets everything arrive; client 0 is the witness."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.history = h.History()
        self.clients: list[Client] = []
        self._tick = 0

    def run(self, actions: int, stop: bool = False) -> h.History:
        witness = self.connect("w")
        while not self.clients[0].member or witness.to_client:
            self.accept(witness)
            self.deliver(witness)
        for _ in range(actions):
            self.act()
        self.finish(stop)
        return self.history

    def note(self, client: Client, kind: str, text: str = "") -> None:
        self._tick += 1
        self.history.note(self._tick / 1000, client.number, kind, text)

    def act(self) -> None:
        client = self.random.choice(self.clients)
        choice = self.random.randrange(12)
        if choice == 0 and len(self.clients) < 12:
            self.connect(f"n{len(self.clients)}")
        elif choice == 1 and client.number and self.random.random() < 0.4:
            self.leave(client)
        elif choice < 5:
            self.say(client)
        elif choice < 8:
            self.accept(client)
        else:
            self.deliver(client)

    # --- clients

    def connect(self, name: str) -> Client:
        client = Client(len(self.clients), name)
        self.clients.append(client)
        self.note(client, h.CONNECT)
        client.to_client.append("hello")
        self.note(client, h.NAME, name)
        client.to_server.append(name)
        return client

    def say(self, client: Client) -> None:
        if client.number and not client.left and not client.ended:
            text = f"line {client.said}"
            client.said += 1
            self.note(client, h.SAY, text)
            client.to_server.append(text)

    def leave(self, client: Client) -> None:
        if client.left or client.ended:
            return
        client.left = self.random.choice([*sorted(h.LEAVES), "stall"])
        if client.left == "stall":
            client.reads = False
            self.note(client, h.STALL)
            return
        self.note(client, h.LEAVE, client.left)
        if client.left != h.HALF_CLOSE:
            client.ended = True
            while client.to_server and self.random.random() < 0.3:
                client.to_server.pop()

    def deliver(self, client: Client) -> None:
        if client.to_client and client.reads and not client.ended:
            line = client.to_client.popleft()
            if line == "eof":
                client.ended = True
                self.note(client, h.ENDED, "eof")
            else:
                self.note(client, h.RECEIVED, line)

    # --- the room

    def accept(self, client: Client) -> None:
        """The server reads one line of a client, or its end."""
        if client.to_server:
            line = client.to_server.popleft()
            if client.member:
                self.tell_others(client, f"[{client.name}] {line}")
            else:
                self.join(client)
        elif client.left and client.member:
            self.gone(client)

    def join(self, client: Client) -> None:
        names = ", ".join(c.name for c in self.clients if c.member)
        self.tell_others(client, f"* {client.name} has entered the room")
        client.to_client.append(f"* The room contains: {names}")
        client.member = True

    def gone(self, client: Client) -> None:
        client.member = False
        while client.to_client and self.random.random() < 0.3:
            client.to_client.pop()
        client.to_client.append("eof")
        self.tell_others(client, f"* {client.name} has left the room")

    def tell_others(self, me: Client, line: str) -> None:
        for client in self.clients:
            if client.member and client is not me:
                client.to_client.append(line)

    # --- the end

    def finish(self, stop: bool) -> None:
        if stop:
            self._tick += 1
            self.history.note(self._tick / 1000, h.EVERYBODY, h.STOP)
            for client in self.clients:
                client.to_server.clear()
                client.to_client += ["* server is closing", "eof"]
        busy = True
        while busy:
            client = self.random.choice(self.clients)
            self.accept(client)
            self.deliver(client)
            busy = any(self.owes(client) for client in self.clients)
        self.history.note((self._tick + 1) / 1000, h.EVERYBODY, h.FINISHED)

    def owes(self, client: Client) -> bool:
        unread = bool(client.to_client) and client.reads and not client.ended
        return unread or bool(client.to_server) or (bool(client.left) and client.member)

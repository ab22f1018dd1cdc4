"""Plays a workload against a chat server, and records what every client did and saw.

One process, one loop over all sockets, one clock.  A recording has three parts: the witnesses
join, one by one; the scripts are played; then everybody who is left says one last line and the
recording goes on until each of them has seen the last line of each other, and the witnesses
every leave.  As each sender's lines keep their order, nothing can be on its way any more then:
what is missing is lost.  If that state does not come within `patience` seconds the recording ends
all the same, and the checker will say what was missing.
"""

from __future__ import annotations

import heapq
import math
import selectors
import socket
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random

from portable_harness.chat import history as h
from portable_harness.chat.scripted_client import RecorderHooks, ScriptedClient, Translate, as_it_is
from portable_harness.chat.workload import Script, Send, Workload

QUIET = 0.2  # seconds without any event before a recording may end
TICK = 0.01
PATIENT = 10  # times the patience, if things keep coming


class RecordingError(Exception):
    """The server could not be recorded at all (it refused, or never let the witnesses in)."""


class RecordingTooLong(RecordingError):
    """The time for the recording was over."""


class Recorder:
    """Records one workload.  `patience`: seconds to wait for what clients are owed.

    `translate`: from a received line to the words of the protocol, for a server with its own; its
    second argument is the name to which the line may be the answer. None for a line that is not
    about this recording. `new_socket`: where the server is in a network of its own, makes a
    socket there. `time_limit`: seconds for all of it, whatever still comes.
    """

    def __init__(
        self,
        address: tuple[str, int],
        workload: Workload,
        patience: float = 20.0,
        translate: Translate = as_it_is,
        new_socket: Callable[[], socket.socket] | None = None,
        time_limit: float = math.inf,
    ) -> None:
        self.address = address
        self._new_socket = new_socket
        self.workload = workload
        self.patience, self.time_limit = patience, time_limit
        self.history = h.History(replace(workload.header, server=f"{address[0]}:{address[1]}"))
        self.clients: list[ScriptedClient] = []
        self._selector = selectors.DefaultSelector()
        self._started = time.monotonic()
        random = Random(workload.header.seed)
        self._hooks = RecorderHooks(self._note, self._clock, self._forget, random, translate)
        self._due: list[tuple[float, int, Script]] = []
        self._changed = 0.0
        self._gone: dict[int, set[str]] = defaultdict(set)  # client -> leaves announced to it
        self._joined: dict[str, set[str]] = {}  # by the first witness: name -> who had gone before
        self._awaited: dict[int, set[str]] = {}

    def record(self, stop: Callable[[], None] | None = None, stop_after: float = 1.0) -> h.History:
        """Play everything and wait for what is owed.

        With `stop`, which asks the server to stop and returns at once, play for `stop_after`
        seconds, call it in the middle of everything, and wait for every connection to be closed.
        """
        try:
            self._admit_witnesses()
            self._play(None if stop is None else stop_after)
            if stop is None:
                self._say_last_lines()
                self._run_until_settled()
            else:
                self._due.clear()  # nobody new: a connection may be refused from here on
                self.history.note(self._clock(), h.EVERYBODY, h.STOP)
                stop()
                self._run_until(self._all_ended, self.patience)
            self.history.note(self._clock(), h.EVERYBODY, h.FINISHED)
        finally:
            self._close()
        return self.history

    def _clock(self) -> float:
        return time.monotonic() - self._started

    def _note(self, when: float, client: int, kind: str, text: str) -> None:
        self.history.note(when, client, kind, text)
        self._changed = when
        if kind == h.RECEIVED:
            if client in self._awaited:
                self._awaited[client].discard(text)
            if text.startswith("* "):
                self._notice(client, text)

    def _notice(self, client: int, text: str) -> None:
        name, _, what = text[2:].partition(" ")
        if what == "has left the room":
            self._gone[client].add(name)
        elif what == "has entered the room" and client == 0:
            self._joined[name] = set(self._gone[0])

    # --- the three parts

    def _admit_witnesses(self) -> None:
        for script in self.workload.scripts:
            if script.witness:
                self._admit(self._connect(script))

    def _admit(self, client: ScriptedClient) -> None:
        if not self._run_until(lambda: client.answered, self.patience):
            raise RecordingError("no answer to a name: is this a chat server?")
        if not client.listed:
            raise RecordingError("the first members were refused: is the room empty?")

    def _play(self, seconds: float | None) -> None:
        begin = self._clock()
        for order, script in enumerate(self.workload.scripts):
            if not script.witness:
                heapq.heappush(self._due, (begin + script.start, order, script))
        if seconds is None:
            limit = self.patience + 10 * len(self.workload.scripts)
            self._run_until(lambda: self._played() or self._stuck(), limit)
        else:
            self._run_until(lambda: False, seconds)

    def _played(self) -> bool:
        return not self._due and all(c.done or not c.open for c in self.clients)

    def _stuck(self) -> bool:
        """Nobody is to come, and nothing has happened for longer than anybody's patience."""
        return not self._due and self._clock() - self._changed > self.patience

    def _say_last_lines(self) -> None:
        staying = [c for c in self.clients if c.listed and c.open and not c.left and c.reading]
        speaking = [c for c in staying if not c.script.witness]
        last = {c.number: f"last line of {c.number}" for c in speaking}
        lines = {n: f"[{self._name(self.clients[n])}] {text}" for n, text in last.items()}
        for client in staying:
            self._awaited[client.number] = {x for n, x in lines.items() if n != client.number}
        for client in speaking:
            client.queue(Send((last[client.number],)))

    @staticmethod
    def _name(client: ScriptedClient) -> str:
        return next(s.lines[0] for s in client.script.steps if isinstance(s, Send) and s.named)

    def _settled(self) -> bool:
        if any(self._awaited.values()) or self._clock() - self._changed < QUIET:
            return False
        if any(c.left == h.HALF_CLOSE and c.open for c in self.clients):
            return False
        gone = {self._name(c) for c in self.clients if c.listed and self._has_gone(c)}
        gone |= {self._name(c) for c in self.clients if self._vanished(c)} & self._joined.keys()
        return all(gone - before <= self._gone[number] for number, before in self._staying())

    def _staying(self) -> Iterator[tuple[int, set[str]]]:
        """The number of each client that is owed every leave, but of whom had gone before."""
        for number in self._awaited:
            if self.clients[number].open:
                yield number, self._joined.get(self._name(self.clients[number]), set())

    def _has_gone(self, client: ScriptedClient) -> bool:
        must_be_cut_off = self.workload.header.cut_off_after is not None and not client.reading
        return not client.open or client.left is not None or must_be_cut_off

    @staticmethod
    def _vanished(client: ScriptedClient) -> bool:
        """It left before the answer to its name: it may have joined all the same."""
        return client.left is not None and not client.answered

    def _all_ended(self) -> bool:
        return all(not c.open for c in self.clients if c.reading)

    # --- the loop

    def _connect(self, script: Script) -> ScriptedClient:
        client = ScriptedClient(len(self.clients), script, self._hooks)
        try:
            sock = client.connect(self.address, self._new_socket)
        except OSError as problem:
            server = self.history.header.server
            raise RecordingError(f"cannot connect to {server}: {problem}") from None
        self.clients.append(client)
        self._selector.register(sock, selectors.EVENT_READ, client)
        return client

    def _run_until(self, done: Callable[[], bool], seconds: float) -> bool:
        """Serve all clients until `done()`; False if that took longer than `seconds`."""
        deadline = time.monotonic() + seconds
        while not done():
            if time.monotonic() > deadline:
                return False
            self._turn()
        return True

    def _run_until_settled(self) -> None:
        """Until all is there that is owed, or nothing has come for `patience` seconds.

        A server on a busy machine may take long; one that goes on sending is not given up on.
        """
        last = self._clock() + PATIENT * self.patience
        while not self._settled():
            now = self._clock()
            if now - self._changed > self.patience or now > last:
                return
            self._turn()

    def _turn(self) -> None:
        now = self._clock()
        if now > self.time_limit:
            raise RecordingTooLong(f"not over after {self.time_limit:g} s")
        while self._due and self._due[0][0] <= now:
            self._connect(heapq.heappop(self._due)[2])
        for client in self.clients:
            if client.open:
                self._serve(client, now)
        for key, mask in self._selector.select(TICK):
            client = key.data
            if mask & selectors.EVENT_READ and client.open:
                client.receive()
            if mask & selectors.EVENT_WRITE and client.open and client.writing:
                client.send()

    def _serve(self, client: ScriptedClient, now: float) -> None:
        client.step(now)
        if not client.open:
            return
        mask = selectors.EVENT_READ if client.reading else 0
        mask |= selectors.EVENT_WRITE if client.writing else 0
        registered = client.sock in self._selector.get_map()
        if registered and not mask:
            self._selector.unregister(client.sock)
        elif not registered and mask:
            self._selector.register(client.sock, mask, client)
        elif registered and self._selector.get_key(client.sock).events != mask:
            self._selector.modify(client.sock, mask, client)

    def _forget(self, sock: socket.socket) -> None:
        if sock in self._selector.get_map():
            self._selector.unregister(sock)

    def _close(self) -> None:
        for client in self.clients:
            if client.open:
                client.sock.close()
        self._selector.close()

"""One connection of the recorder: takes the steps of its script and notes what happens.

Nothing here blocks.  Output is a queue of pieces, one `send` each, so that "byte by byte" really
is a segment a byte; a line is noted as said just before the send that completes it.
"""

from __future__ import annotations

import socket
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from portable_harness.chat import history as h
from portable_harness.chat.workload import (
    Leave,
    Script,
    Send,
    SendPiece,
    Step,
    StopReading,
    Wait,
    WaitForList,
)

SMALL = 4096
#: (received line, name whose answer it may be or None) -> the line in the protocol's words, or
#: None where it is to be passed over
Translate = Callable[[str, str | None], str | None]


def as_it_is(line: str, asked: str | None) -> str | None:
    """For a server that speaks the protocol's own words."""
    return line


@dataclass(frozen=True)
class RecorderHooks:
    """What a client needs of its recorder: `note(time, client, kind, text)` writes an event,
    `forget` takes a socket out of the loop before it is closed, `random` cuts lines into pieces,
    recorder.py explains `translate`.
    """

    note: Callable[[float, int, str, str], None]
    clock: Callable[[], float]
    forget: Callable[[socket.socket], None]
    random: Random
    translate: Translate = as_it_is


class ScriptedClient:
    """Client `number`, which plays `script`."""

    def __init__(self, number: int, script: Script, hooks: RecorderHooks) -> None:
        self.number = number
        self.script = script
        self.steps: deque[Step] = deque(script.steps)
        self.resume_at = 0.0
        self.reading = True
        self.open = False
        self.answered = False  # the member list or a refusal has come
        self.listed = False
        self.left: str | None = None
        self.ended = False
        self._hooks = hooks
        self._outgoing: deque[bytes] = deque()
        self._line_ends: deque[tuple[int, str, str]] = deque()  # offset, kind, text
        self._queued = self._sent = 0
        self._begun = ""  # a piece without an end of line
        self._incoming = b""
        self._greeted = False
        self._asked: str | None = None  # the name once it is sent: what comes may be its answer

    def note(self, kind: str, text: str = "", time: float | None = None) -> None:
        self._hooks.note(self._hooks.clock() if time is None else time, self.number, kind, text)

    def connect(
        self, address: tuple[str, int], new_socket: Callable[[], socket.socket] | None = None
    ) -> socket.socket:
        self.note(h.CONNECT)
        family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        self.sock = new_socket() if new_socket else socket.socket(family)
        if self.script.small_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        self.sock.settimeout(10)
        try:
            self.sock.connect(address)
        except OSError:
            self.sock.close()
            raise
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setblocking(False)
        self.open = True
        return self.sock

    @property
    def writing(self) -> bool:
        return bool(self._outgoing)

    @property
    def done(self) -> bool:
        return not self.steps and not self._outgoing

    def step(self, now: float) -> None:
        """Take the steps that are due."""
        while self.open and self.steps and not self._outgoing and now >= self.resume_at:
            step = self.steps[0]
            if isinstance(step, WaitForList) and not (self.answered or self.ended):
                return
            self.steps.popleft()
            self._take(step, now)

    def _take(self, step: Step, now: float) -> None:
        if isinstance(step, Wait):
            self.resume_at = now + step.seconds
        elif isinstance(step, Send):
            self.queue(step)
        elif isinstance(step, SendPiece):
            self._begun = step.text
            self._queue_bytes(step.text.encode("latin-1"), "whole")
        elif isinstance(step, StopReading):
            self.reading = False
            self.note(h.STALL)
        elif isinstance(step, Leave):
            self.leave(step.how)

    def queue(self, step: Send) -> None:
        """Queue lines; each is noted when its end of line goes out."""
        data, start = b"", self._queued
        for i, line in enumerate(step.lines):
            data += (line + step.end).encode("latin-1")
            kind = h.NAME if step.named and i == 0 else h.SAY
            self._line_ends.append((start + len(data), kind, line))
        self._queue_bytes(data, step.pieces)

    def _queue_bytes(self, data: bytes, pieces: str) -> None:
        self._queued += len(data)
        while data:
            size = {"whole": len(data), "bytes": 1}.get(pieces) or self._hooks.random.randint(1, 40)
            self._outgoing.append(data[:size])
            data = data[size:]

    def send(self) -> None:
        """Send one piece, as far as the kernel takes it."""
        piece = self._outgoing[0]
        before = self._hooks.clock()
        try:
            sent = self.sock.send(piece)
        except BlockingIOError:
            return
        except OSError:
            self._end("reset")
            return
        self._sent += sent
        self._outgoing.popleft()
        if sent < len(piece):
            self._outgoing.appendleft(piece[sent:])
        self._note_complete_lines(before)

    def _note_complete_lines(self, time: float) -> None:
        while self._line_ends and self._line_ends[0][0] <= self._sent:
            _, kind, text = self._line_ends.popleft()
            if kind == h.NAME:
                self._asked = text
            self.note(kind, text, time)

    def leave(self, how: str) -> None:
        if self._begun or self._line_ends:
            self.note(h.UNFINISHED, self._begun or self._line_ends[0][2])
        self._outgoing.clear()
        self.left = how
        self.note(h.LEAVE, how)
        if how == h.HALF_CLOSE:
            self._half_close()
            return
        if how == h.RESET:
            linger = struct.pack("ii", 1, 0)
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close()

    def _half_close(self) -> None:
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._end("reset")

    def close(self) -> None:
        self.open = False
        self._hooks.forget(self.sock)
        self.sock.close()

    def receive(self) -> None:
        """Read what is there, note each complete line."""
        try:
            data = self.sock.recv(262_144)
        except BlockingIOError:
            return
        except OSError:
            self._end("reset")
            return
        if not data:
            self._end("eof")
            return
        *lines, self._incoming = (self._incoming + data).split(b"\n")
        for line in lines:
            self._line(line.decode("latin-1").removesuffix("\r"))

    def _line(self, received: str) -> None:
        waiting = self._greeted and self._asked is not None and not self.answered
        line = self._hooks.translate(received, self._asked if waiting else None)
        if line is None:
            return
        self.note(h.RECEIVED, line)
        if waiting and line[:1] in ("*", "!"):
            self.answered = True
            self.listed = line.startswith("*")
        self._greeted = True

    def _end(self, how: str) -> None:
        if self._begun and self.left is None:
            self.note(h.UNFINISHED, self._begun)
        if self._incoming:
            self.note(h.TAIL, self._incoming.decode("latin-1"))
        self.note(h.ENDED, how)
        self.ended = self.answered = True
        self.steps.clear()
        self._outgoing.clear()
        self.close()

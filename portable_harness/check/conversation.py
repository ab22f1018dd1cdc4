"""One client of the server under test: sends, expects, and says what was due where it did not come.

Every wait has a limit. A limit can only be reached by a server that does *not* answer, so a busy
machine makes a check slow but never wrong. What must *not* come is never proven by waiting: the
checks make something else happen afterwards that surely comes, and look at what came before it.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import struct
import time
from types import TracebackType

from portable_harness.check import transcript as t
from portable_harness.check.model import Broken, OutOfTime, Room

CHUNK = 65_536
MOST = 64 << 20  # bytes that are kept of what has come and not been looked at
CONNECTION = "a connection for the next client"


class Client:
    """A connection with a name for reports; a context manager."""

    def __init__(self, room: Room, who: str = "client", small_buffer: bool = False) -> None:
        self.who = who
        self._room = room
        self._transcript = room.transcript
        self._number = room.transcript.new_client(who)
        self._incoming = b""
        self.ended = ""
        self.has_return = False  # whether the last line ended in \r\n
        self._note(t.CONNECT)
        self.socket = _connect(room, small_buffer)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.socket.fileno() >= 0:
            self.close()

    def _note(self, did: str, data: bytes = b"") -> None:
        self._transcript.note(self._number, did, data)

    # --- doing

    def send(self, data: bytes) -> None:
        """Send all of it; what the server's end makes of it is seen by reading."""
        self._note(t.SEND, data)
        limit = self._limit()
        try:
            self.socket.sendall(data)
        except TimeoutError:
            self._must_be_patient(limit)
            raise self.broken("nothing more was taken", "the data to be read") from None
        except OSError:
            pass  # closed by the server: reading shows it

    def send_each(self, data: bytes, size: int = 1) -> None:
        """Send in pieces of `size` bytes, a segment each."""
        for start in range(0, len(data), size):
            self.send(data[start : start + size])

    def half_close(self) -> None:
        """No more will be sent (FIN); reading goes on."""
        self._note(t.HALF_CLOSE)
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """An orderly end of both directions."""
        self._note(t.CLOSE)
        self.socket.close()

    def reset(self) -> None:
        """End with a reset (RST)."""
        self._note(t.RESET)
        linger = struct.pack("ii", 1, 0)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.socket.close()

    # --- seeing

    def line(self, due: str) -> bytes:
        """The next line with its newline; :raises Broken: when none comes."""
        while b"\n" not in self._incoming:
            if not self._receive(due):
                raise self.broken(self._end_text(), due)
        line, newline, self._incoming = self._incoming.partition(b"\n")
        self.has_return = line.endswith(b"\r")
        return line + newline

    def exactly(self, size: int, due: str) -> bytes:
        """The next `size` bytes."""
        while len(self._incoming) < size:
            if not self._receive(due):
                raise self.broken(self._end_text(), due)
        data, self._incoming = self._incoming[:size], self._incoming[size:]
        return data

    def to_the_end(self, due: str) -> bytes:
        """Everything until the server closes."""
        while self._receive(due):
            pass
        data, self._incoming = self._incoming, b""
        return data

    def available(self, due: str) -> bytes:
        """What comes next, at least a byte; empty at the end."""
        if not self._incoming:
            self._receive(due)
        data, self._incoming = self._incoming, b""
        return data

    @property
    def has_line(self) -> bool:
        """Whether a whole line has come that has not been looked at."""
        return b"\n" in self._incoming

    def wait(self, seconds: float) -> bool:
        """Whether there is something to read within `seconds`."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.socket, selectors.EVENT_READ)
            return bool(selector.select(seconds))

    def pull(self, due: str) -> bool:
        """Take what is there; False at the end."""
        return self._receive(due)

    def broken(self, came: str, due: str, pair: tuple[str, str] | None = None) -> Broken:
        """What to raise: with what provoked it, the last that any client did.

        :param pair: the whole line that was due, and the one that came
        """
        if came.startswith(("nothing", "only")) or pair or self.ended:
            due = f"at {self.who}: {due}"
        return Broken(self._transcript.last_done, came, due, pair)

    def _end_text(self) -> str:
        rest = f", before that {t.shown(self._incoming)}" if self._incoming else ""
        return f"the end of the connection ({self.ended}){rest}"

    def _limit(self) -> float:
        """Set the time that the next step may take: the patience, or less near the time limit."""
        limit = self._room.left()
        self.socket.settimeout(limit)
        return limit

    def _must_be_patient(self, limit: float) -> None:
        """Nothing is concluded from less time than an answer is due. :raises OutOfTime:"""
        if limit < self._room.patience:
            raise OutOfTime

    def _receive(self, due: str) -> bool:
        """Whether more came; False at the end. :raises Broken: after `patience` seconds."""
        if self.ended:
            return False
        limit = self._limit()
        try:
            data = self.socket.recv(CHUNK)
        except TimeoutError:
            self._must_be_patient(limit)
            got = f"only {t.shown(self._incoming)}" if self._incoming else "nothing"
            raise self.broken(f"{got} within {limit:g} s", due) from None
        except OSError:
            return self._end("reset")
        if not data:
            return self._end("orderly")
        if len(self._incoming) > MOST:
            raise self.broken(f"more than {MOST} bytes", due)
        self._note(t.RECEIVED, data)
        self._incoming += data
        self._acknowledge()
        return True

    def _acknowledge(self) -> None:
        """At once: a server with Nagle's algorithm waits 40 ms for each delayed ACK else."""
        if hasattr(socket, "TCP_QUICKACK"):
            with contextlib.suppress(OSError):
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)

    def _end(self, how: str) -> bool:
        self._note(t.ENDED, how.encode())
        self.ended = how
        return False


def _connect(room: Room, small_buffer: bool) -> socket.socket:
    """Connect within the patience, again where the backlog is full."""
    limit = room.left()
    deadline = time.monotonic() + limit
    while True:
        sock = room.server.socket()
        if small_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.settimeout(max(0.1, deadline - time.monotonic()))
        try:
            sock.connect(room.server.address)
        except OSError as error:
            sock.close()
            if time.monotonic() >= deadline or isinstance(error, ConnectionRefusedError):
                if limit < room.patience and not isinstance(error, ConnectionRefusedError):
                    raise OutOfTime from None
                reason = error.strerror or str(error)
                raise Broken(room.transcript.last_done, reason, CONNECTION) from None
            continue
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return sock

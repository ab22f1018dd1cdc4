"""The load generator in Python, for machines without a C compiler.

It gets the words of load.c, plays its modes and prints its lines of JSON, but reaches a fraction of
its rate; the ceiling that each comparison measures first says so. It is copied to the machine that
makes the load: one file, the standard library, Python 3.8.

What a connection expects is kept as bytes: what comes has to be their beginning. So a line that is
lost, twice, out of order, torn or another connection's is never counted.
"""

from __future__ import annotations

import collections
import contextlib
import json
import os
import resource
import selectors
import signal
import socket
import sys
import time
from socket import IPPROTO_IP, IPPROTO_TCP, SO_ERROR, SOCK_STREAM, SOL_SOCKET, TCP_NODELAY
from typing import Any

FORMAT = "%08x%06x"  # numbers of the line and the connection
_Socket = socket.socket
PER_POWER = 64  # buckets to a power of two of nanoseconds, as in histogram.c
READ = 262144
SOURCES = 250
BIND_WITHOUT_PORT = 24  # Linux: IP_BIND_ADDRESS_NO_PORT
DEFAULTS: dict[str, Any] = {
    "host": "127.0.0.1", "port": "", "prefix": "", "mode": "closed", "connections": 1,
    "pipeline": 1, "line": 64, "wait": 0, "together": 64, "rate": 1000.0, "warmup": 0.1,
    "seconds": 1.0, "interval": 0.0, "patience": 10.0,
}  # fmt: skip


class LoadError(Exception):
    """The server failed the load; one line."""


def tell(event: str, **values: object) -> None:
    print(json.dumps({"event": event, **values}), flush=True)  # noqa: T201


class Histogram:
    """Latencies in logarithmic buckets (histogram.c)."""

    def __init__(self) -> None:
        self.counts: collections.Counter[int] = collections.Counter()
        self.sum = self.most = 0

    def note(self, nanoseconds: int) -> None:
        bucket = nanoseconds
        if nanoseconds >= PER_POWER:
            power = nanoseconds.bit_length() - 1
            bucket = (power - 5) * PER_POWER + ((nanoseconds >> (power - 6)) & (PER_POWER - 1))
        self.counts[bucket] += 1
        self.sum += nanoseconds
        self.most = max(self.most, nanoseconds)

    def as_json(self) -> dict[str, object]:
        times = {"sum": self.sum / 1e9, "max": self.most / 1e9}
        return {"total": sum(self.counts.values()), "counts": sorted(self.counts.items()), **times}


class Connection:
    """One client. ``since``: for each line on its way the time that its latency counts from."""

    socket: _Socket
    opened: int

    def __init__(self, number: int) -> None:
        self.number, self.state = number, "unused"
        self.since: collections.deque[int] = collections.deque()

    def begin(self, sock: _Socket, now: int) -> None:
        self.socket, self.state, self.opened = sock, "connecting", now
        self.lines = self.came = 0  # lines sent; bytes that came of the line under way
        self.unsent, self.expected = bytearray(), bytearray()
        self.since.clear()
        self.waits_to_send = True


class Generator:
    """All connections, in one loop."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.size = options["line"]
        self.head = options["prefix"].encode()
        self.tail = b"x" * (self.size - len(self.head) - 15) + b"\n"
        self.selector = selectors.DefaultSelector()
        self.all = [Connection(number) for number in range(options["connections"])]
        found = socket.getaddrinfo(options["host"], options["port"], type=SOCK_STREAM)
        self.family: int = found[0][0]
        self.address: Any = found[0][4]
        self.served = self.answers = self.turn_of = 0
        self.last_answer = time.monotonic_ns()
        self.loading = self.measuring = self.command_waits = self.input_ended = False
        self.schedule = self.scheduled = self.late = 0
        self.latencies = Histogram()
        if options["wait"]:
            self.selector.register(0, selectors.EVENT_READ)

    def open(self, connection: Connection) -> None:
        sock = socket.socket(self.family, SOCK_STREAM)
        sock.setblocking(False)
        sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        if self.options["mode"] == "churn" and self.address[0].startswith("127."):
            self._choose_source(sock)
        connection.begin(sock, time.monotonic_ns())
        with contextlib.suppress(BlockingIOError):
            sock.connect(self.address)
        self.selector.register(sock, selectors.EVENT_READ | selectors.EVENT_WRITE, connection)

    def _choose_source(self, sock: socket.socket) -> None:
        """All of 127/8 is this machine: thousands of connections a second need more ports than
        one address has, as each waits a minute after its end (RFC 9293, TIME-WAIT)."""
        self.turn_of += 1
        with contextlib.suppress(OSError):
            sock.setsockopt(IPPROTO_IP, BIND_WITHOUT_PORT, 1)
            sock.bind((f"127.0.1.{1 + self.turn_of % SOURCES}", 0))

    def _connected(self, connection: Connection) -> None:
        error = connection.socket.getsockopt(SOL_SOCKET, SO_ERROR)
        if error:
            where = "{host}:{port}".format(**self.options)
            raise LoadError(f"cannot connect to {where}: {os.strerror(error)}")
        connection.state = "greeting"
        self.send(connection, 1, connection.opened)

    def send(self, connection: Connection, lines: int, since: int) -> None:
        """Send this number of lines; their latency counts from ``since``."""
        numbers = range(connection.lines, connection.lines + lines)
        parts = ((FORMAT % (number, connection.number)).encode() for number in numbers)
        text = b"".join(self.head + part + self.tail for part in parts)
        connection.lines += lines
        connection.expected += text
        connection.since.extend([since] * lines)
        connection.unsent += text
        self.flush(connection)

    def flush(self, connection: Connection) -> None:
        with contextlib.suppress(BlockingIOError):
            while connection.unsent:
                del connection.unsent[: connection.socket.send(connection.unsent)]
        if connection.waits_to_send != bool(connection.unsent):
            connection.waits_to_send = bool(connection.unsent)
            wanted = selectors.EVENT_WRITE if connection.unsent else 0
            self.selector.modify(connection.socket, selectors.EVENT_READ | wanted, connection)

    def read(self, connection: Connection) -> None:
        try:
            data = connection.socket.recv(READ)
        except BlockingIOError:
            return
        if not data:
            raise LoadError("the server closed a connection")
        if not connection.expected.startswith(data):
            raise LoadError(f"connection {connection.number}: other bytes came than were due")
        del connection.expected[: len(data)]
        lines, connection.came = divmod(connection.came + len(data), self.size)
        if lines:
            self.answers += lines
            self.last_answer = time.monotonic_ns()
            self.answered(connection, lines, self.last_answer)

    def answered(self, connection: Connection, lines: int, now: int) -> None:
        sent = [connection.since.popleft() for _ in range(lines)]
        if connection.state == "greeting":
            connection.state = "talking"
            self.served += 1
            if self.options["mode"] != "churn":
                return
        if self.measuring:
            for since in sent:
                self.latencies.note(max(0, now - since))
        if self.options["mode"] == "churn":
            self.selector.unregister(connection.socket)
            connection.socket.close()
            connection.state = "unused"
            if self.loading:
                self.open(connection)
        elif self.options["mode"] == "closed" and not connection.since:
            self.send(connection, self.options["pipeline"], now)

    def turn(self, seconds: float | None) -> None:
        for key, events in self.selector.select(seconds):
            connection = key.data
            if connection is None:
                self.command_waits = bool(os.read(0, 64))
                self.input_ended = not self.command_waits
            else:
                self._ready(connection, events)

    def _ready(self, connection: Connection, events: int) -> None:
        try:
            if connection.state == "connecting":
                self._connected(connection)
            elif events & selectors.EVENT_WRITE:
                self.flush(connection)
            if events & selectors.EVENT_READ and connection.state != "unused":
                self.read(connection)
        except OSError as error:
            raise LoadError(f"the server closed a connection: {error.strerror}") from None

    def commanded(self) -> bool:
        """Whether the controller said something; when it has gone, the end."""
        if self.input_ended:
            raise SystemExit(0)
        was, self.command_waits = self.command_waits, False
        return was

    def impatient(self) -> None:
        if time.monotonic_ns() - self.last_answer > 1e9 * self.options["patience"]:
            raise LoadError(f"no answer for {self.options['patience']:g} s")

    def tick(self) -> float:
        """A fixed rate: send what is due; how many seconds until the next."""
        if self.options["mode"] != "rate" or not self.loading:
            return 0.01
        step = 1e9 / self.options["rate"]
        while (due := self.schedule + int(self.scheduled * step)) <= time.monotonic_ns():
            connection = self.all[self.scheduled % len(self.all)]
            self.scheduled += 1
            self.late += time.monotonic_ns() - due
            self.send(connection, 1, due)
        return max(0.0, min(0.01, float(due - time.monotonic_ns()) / 1e9))

    def connect_all(self) -> None:
        begin = self.last_answer = time.monotonic_ns()
        wanted = 1 if self.options["mode"] == "churn" else len(self.all)
        opened = 0
        while self.served < wanted:
            while opened < wanted and opened - self.served < self.options["together"]:
                self.open(self.all[opened])
                opened += 1
            self.turn(0.1)
            self.impatient()
        tell("connected", connections=self.served, seconds=(time.monotonic_ns() - begin) / 1e9)

    def start_load(self) -> None:
        self.loading, self.schedule = True, time.monotonic_ns() + 1000000
        for connection in self.all:
            if self.options["mode"] == "churn" and connection.state == "unused":
                self.open(connection)
            elif self.options["mode"] in ("closed", "idle"):
                self.send(connection, self.options["pipeline"], time.monotonic_ns())

    def load_for(self, seconds: float) -> None:
        """Go on for some seconds; a command ends them early."""
        now = part = time.monotonic()
        end, before = now + seconds, self.answers
        while (now := time.monotonic()) < end and not self.commanded():
            self.turn(self.tick())
            self.impatient()
            if self.measuring and 0 < self.options["interval"] <= now - part:
                tell("interval", requests=self.answers - before, seconds=now - part)
                part, before = now, self.answers
            if self.options["mode"] == "idle" and not any(
                connection.since for connection in self.all
            ):
                return

    def measure(self) -> None:
        begin = self.last_answer = time.monotonic_ns()
        before, cpu, first = self.answers, time.process_time(), self.scheduled
        self.measuring, self.late = True, 0
        tell("measuring")
        if self.options["mode"] == "idle":
            self.start_load()
        self.load_for(3600 if self.options["mode"] == "idle" else self.options["seconds"])
        now = self.last_answer if self.options["mode"] == "idle" else time.monotonic_ns()
        requests, sent = self.answers - before, self.scheduled - first
        cpu = time.process_time() - cpu
        if self.options["mode"] == "rate":  # what has no answer yet has waited so long at least
            for since in (since for connection in self.all for since in connection.since):
                self.latencies.note(max(0, now - since))
        tell(
            "report", requests=requests, seconds=(now - begin) / 1e9, cpu_seconds=cpu,
            lateness=self.late / sent / 1e9 if sent else 0.0, histogram=self.latencies.as_json(),
        )  # fmt: skip


def options_of(words: list[str]) -> dict[str, Any]:
    options = dict(DEFAULTS)
    for word in words:
        key, _, value = word.partition("=")
        if key not in options:
            raise LoadError(f"there is no option {key}")
        options[key] = type(options[key])(value)
    return options


def main() -> None:
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # nobody reads our report: end
    options = options_of(sys.argv[1:])
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    generator = Generator(options)
    generator.connect_all()
    while options["wait"] and not generator.commanded():
        generator.turn(None)
    if options["mode"] != "idle":
        generator.start_load()
        generator.load_for(options["warmup"])
    generator.measure()
    # Nothing is read, sent or closed until the server has been looked at.
    while options["wait"] and os.read(0, 64):
        pass


if __name__ == "__main__":
    try:
        main()
    except (LoadError, OSError, ValueError) as error:
        tell("error", message=str(error))
        sys.exit(1)

"""The checks of an echo server (RFC 862, by line; what a user of one may rely on)."""

from __future__ import annotations

import contextlib
import threading

from portable_harness.check.conversation import Client
from portable_harness.check.model import Broken, Checklist, Level, OutOfTime, Room
from portable_harness.check.transcript import shown

checks = Checklist()
REQUIRED, STRONG = Level.REQUIRED, Level.STRONG


def _echoes(client: Client, data: bytes, due: str) -> None:
    """What comes is what was sent."""
    came = client.exactly(len(data), due)
    if came != data:
        pair = data.decode("latin-1"), came.decode("latin-1")
        raise client.broken(shown(came), due, pair)


@checks(
    REQUIRED, "line", "a line comes back unchanged",
    "Send back what recv gave, with its end of line, before you wait for more.",
)  # fmt: skip
def line(room: Room) -> None:
    with Client(room) as client:
        for data in (b"hello\n", b"\n", b" spaces \t\n", b"hello\r\n"):
            client.send(data)
            _echoes(client, data, f"{data!r} at once, unchanged")


@checks(
    REQUIRED, "bytes", "every byte value comes back, text or not",
    "Work with bytes; do not decode, strip or use C strings.",
)  # fmt: skip
def every_byte(room: Room) -> None:
    data = bytes(range(256)).replace(b"\n", b"") + b"\n"
    with Client(room) as client:
        client.send(data)
        _echoes(client, data, "all byte values, unchanged")


@checks(
    REQUIRED, "pieces", "a line that arrives byte by byte comes back whole",
    "A send is not a recv: one line may come in many pieces (TCP is a stream).",
)  # fmt: skip
def pieces(room: Room) -> None:
    with Client(room) as client:
        for data in (b"piece by piece\n", b"once more\n"):
            client.send_each(data)
            _echoes(client, data, f"{data!r}")


@checks(
    REQUIRED, "many-lines", "many lines in one segment all come back, in order",
    "One recv may bring many lines: answer all of them before the next recv.",
)  # fmt: skip
def many_lines(room: Room) -> None:
    data = b"".join(b"line %d\n" % number for number in range(500))
    with Client(room) as client:
        client.send(data)
        _echoes(client, data, "all 500 lines, in order")


@checks(
    REQUIRED, "long-line", "a line of a million bytes comes back",
    "Echo in pieces: no buffer has to hold the whole line.",
)  # fmt: skip
def long_line(room: Room) -> None:
    size = 100_000 if room.quick else 1_000_000
    data = bytes(room.random.choices(b"abcdefgh", k=size)) + b"\n"
    with Client(room) as client:
        sender = threading.Thread(target=_send_quietly, args=(client, data), daemon=True)
        sender.start()
        try:
            _echoes(client, data, f"the {size + 1:,} bytes that were sent")
        finally:
            client.half_close()
            sender.join(room.patience)


def _send_quietly(client: Client, data: bytes) -> None:
    with contextlib.suppress(Broken, OutOfTime):  # the reader says what is wrong
        client.send(data)


@checks(
    REQUIRED, "half-close", "what came before the client's end of input is answered, then it ends",
    "After recv returned b'' send what is left, then close.",
)  # fmt: skip
def half_close(room: Room) -> None:
    with Client(room) as client:
        client.send(b"one\nno newline")
        client.half_close()
        due = "b'one\\nno newline' and then the end"
        came = client.to_the_end(due)
        if came != b"one\nno newline" or client.ended != "orderly":
            raise client.broken(f"{shown(came)} and an end that was {client.ended}", due)


@checks(
    REQUIRED, "next-client", "after a client has gone the next one is served",
    "Accept in a loop; an error of one connection must not end the server.",
)  # fmt: skip
def next_client(room: Room) -> None:
    with Client(room, "one that says nothing") as client:
        client.close()
    with Client(room, "one that resets") as client:
        client.send(b"reset\n" * 1000)
        client.reset()
    line(room)


@checks(
    REQUIRED, "no-mixing", "each of many clients gets its own bytes",
    "Keep what belongs to a connection in local variables or in its own object.",
)  # fmt: skip
def no_mixing(room: Room) -> None:
    count = 10 if room.quick else 50
    with contextlib.ExitStack() as stack:
        clients = []
        for number in range(count):  # one at a time, so that a serial server is served too
            client = Client(room, f"client {number}")
            client.send(b"number %d\n" % number)
            _echoes(client, b"number %d\n" % number, f"its own b'number {number}\\n'")
            client.half_close()
            clients.append(stack.enter_context(client))
        for number, client in enumerate(clients):
            if rest := client.to_the_end("the end"):
                raise client.broken(shown(rest), f"nothing but its own b'number {number}\\n'")


@checks(
    STRONG, "concurrent", "a silent client does not keep others waiting",
    "Give each connection a thread (or a selector's turn) of its own.",
)  # fmt: skip
def concurrent(room: Room) -> None:
    with Client(room, "silent client") as silent, Client(room, "second client") as second:
        second.send(b"anybody there?\n")
        _echoes(second, b"anybody there?\n", "its line while the first client is silent")
        silent.send(b"now me\n")
        _echoes(silent, b"now me\n", "its line, after all")


@checks(
    STRONG, "slow-reader", "a client that does not read does not keep others waiting",
    "Never hold a lock, or the only thread, while sending to a client.",
)  # fmt: skip
def slow_reader(room: Room) -> None:
    with Client(room, "client that does not read", small_buffer=True) as slow:
        slow.socket.settimeout(0.5)
        with contextlib.suppress(OSError):
            for _ in range(200):
                slow.socket.sendall(b"x" * 65_535 + b"\n")
        with Client(room, "second client") as second:
            second.send(b"anybody there?\n")
            _echoes(second, b"anybody there?\n", "its line while another client does not read")


@checks(
    STRONG, "storm", "a storm of connections is served to the last one",
    "Give listen a backlog of 100 or more, and accept without waiting for a client.",
)  # fmt: skip
def storm(room: Room) -> None:
    with contextlib.ExitStack() as stack:
        count = 50 if room.quick else 200
        clients = [stack.enter_context(Client(room, f"client {n} of the storm"))
                   for n in range(count)]  # fmt: skip
        for client in clients:
            client.send(b"storm\n")
        for client in clients:
            _echoes(client, b"storm\n", "its line")

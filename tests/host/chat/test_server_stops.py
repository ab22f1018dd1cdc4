"""Rows 52 to 54, 56 and 64 on each interpreter, with plain clients from outside."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
import time

import pytest

from tests.host.chat.conftest import StartServer

BOUND = 10.0  # seconds; the promise is 2 s and the drain, the rest is a busy machine's
MEMBERS = 40


class Plain:
    """A client with a time limit on everything."""

    def __init__(self, address: tuple[str, int], name: str = "") -> None:
        self.socket = socket.create_connection(address, timeout=20)
        self.lines = self.socket.makefile("rb")
        try:
            self.greeting = self.lines.readline()
            if name:
                self.say(name)
                self.room = self.lines.readline()
        except OSError:  # the server has just gone
            self.close()
            raise

    def say(self, text: str) -> None:
        self.socket.sendall(text.encode() + b"\n")

    def hear(self) -> str:
        return self.lines.readline().decode().rstrip("\n")

    def rest(self) -> list[str]:
        """Everything up to the end of the stream."""
        return self.lines.read().decode().splitlines()

    def close(self) -> None:
        self.lines.close()
        self.socket.close()

    def __enter__(self) -> Plain:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def test_stop_wakes_whoever_waits(start: StartServer) -> None:
    """Rows 52, 53: accept and readers blocked, members silent; the stop ends all, status 0."""
    with (
        start() as server,
        Plain(server.address, "ann") as ann,
        Plain(server.address) as nameless,
    ):
        server.ask_to_stop_by_stdin()
        assert server.wait(BOUND) == 0, server.output
        assert ann.rest() == ["* server is closing"]
        nameless.rest()  # whatever it says, the stream ends


@pytest.mark.parametrize("how", ["SIGTERM", "SIGINT", "end of stdin"])
def test_however_it_is_stopped_every_member_gets_a_notice(start: StartServer, how: str) -> None:
    with start() as server, contextlib.ExitStack() as stack:
        members = [stack.enter_context(Plain(server.address, f"m{n}")) for n in range(MEMBERS)]
        if how == "end of stdin":
            server.ask_to_stop_by_stdin()
        else:
            server.process.send_signal(getattr(signal, how))
        heard = [member.rest() for member in members]
        assert server.wait(BOUND) == 0, server.output
    entered = [f"* m{n} has entered the room" for n in range(MEMBERS)]
    for number, lines in enumerate(heard):
        assert lines == [*entered[number + 1 :], "* server is closing"]


def test_the_port_is_free_at_once(start: StartServer) -> None:
    with start() as server:
        port = server.address[1]
        with Plain(server.address, "ann"):
            server.ask_to_stop_by_stdin()
            assert server.wait(BOUND) == 0, server.output
    with start("--port", str(port)) as again, Plain(again.address, "ann") as ann:
        assert again.address[1] == port
        assert ann.room.startswith(b"* The room contains:")


def test_stopping_twice_is_safe(start: StartServer) -> None:
    with start() as server, Plain(server.address, "ann"):
        server.process.send_signal(signal.SIGTERM)
        server.ask_to_stop_by_stdin()
        assert server.wait(BOUND) == 0, server.output


def test_stop_in_a_storm_of_connections(start: StartServer) -> None:
    with start() as server:
        over = threading.Event()
        storm = threading.Thread(target=_storm, args=(server.address, over))
        storm.start()
        try:
            time.sleep(0.3)  # not to synchronise: to be in the middle of it
            server.ask_to_stop_by_stdin()
            assert server.wait(BOUND) == 0, server.output
        finally:
            over.set()
            storm.join(30)


def _storm(address: tuple[str, int], over: threading.Event) -> None:
    number = 0
    while not over.is_set():
        number += 1
        with contextlib.suppress(OSError), Plain(address, f"storm{number}"):
            pass


def test_half_close_still_gets_the_answer(start: StartServer) -> None:
    """Row 54: name and line in one piece, then half-close; the list still arrives, the line too."""
    with start() as server, Plain(server.address, "ann") as ann:
        with Plain(server.address) as brief:
            brief.say("brief\nhello")
            brief.socket.shutdown(socket.SHUT_WR)
            assert brief.rest()[:1] == ["* The room contains: ann"]
        heard = [ann.hear() for _ in range(3)]
    assert heard == [
        "* brief has entered the room",
        "[brief] hello",
        "* brief has left the room",
    ]


def test_a_silent_member_is_kept(start: StartServer) -> None:
    """Row 56: accepted sockets have no time limit of the listener's."""
    with (
        start() as server,
        Plain(server.address, "ann") as ann,
        Plain(server.address, "bob") as bob,
    ):
        assert ann.hear() == "* bob has entered the room"
        time.sleep(2.5)
        bob.say("still here")
        assert ann.hear() == "[bob] still here"

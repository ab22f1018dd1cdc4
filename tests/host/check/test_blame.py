"""Who is charged; what is told at once; and that only a whole patience concludes anything."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from portable_harness.check.model import Broken, Check, Level, Outcome, Room, Status
from portable_harness.check.run import CHECKS, UNDECIDED, Plan, run
from portable_harness.check.server import StartedServer, free_port
from tests.host.check.test_check_command import FAULTY, check

ROOT = Path(__file__).resolve().parents[3]
CHAT = {check.name: check for check in CHECKS["chat"]}
ENDS_ON_LEAVE = """
import os, sys
from tests.host.check.faults.base import Server
class Ends(Server):
    def leave(self, member):
        if member.name:
            print('BUG: somebody left', flush=True)
            os._exit(1)
        super().leave(member)
Ends().run(int(sys.argv[1]))
"""
DEAF = """
import sys
from tests.host.check.faults.base import Server
class Deaf(Server):
    def converse(self, member):
        if getattr(self, 'left', False):
            return self.line(member)
        super().converse(member)
    def leave(self, member):
        self.left = getattr(self, 'left', False) or member.name == 'zed'
        super().leave(member)
Deaf().run(int(sys.argv[1]))
"""


def outcomes(source: str, checks: Sequence[Check], patience: float = 2.0) -> list[Outcome]:
    server = StartedServer([sys.executable, "-c", source, "{port}"], env={"PYTHONPATH": str(ROOT)})
    plan = Plan(1, True, patience, protocol="chat")
    try:
        return list(run(server, checks, plan))
    finally:
        server.stop()


def test_who_ends_the_server_is_charged_and_its_words_are_kept() -> None:
    join, message = outcomes(ENDS_ON_LEAVE, [CHAT["join"], CHAT["message"]], 20.0)
    assert join.status is Status.FAILED
    assert join.came == "the end of the server's process"
    assert "BUG: somebody left" in join.said
    assert message.only_after == ()  # it began with a fresh server


def joins(name: str) -> Check:
    def come_and_go(room: Room) -> None:
        with socket.create_connection(room.server.address) as sock, sock.makefile("rb") as lines:
            lines.readline()
            sock.sendall(name.encode() + b"\n")
            if not lines.readline():
                raise Broken(name, "the end", "a list")
            sock.shutdown(socket.SHUT_WR)
            lines.read()

    return Check(name, Level.REQUIRED, "promise", "advice", come_and_go)


def test_a_server_that_is_deaf_after_a_check_is_charged_to_it() -> None:
    first, second, third = outcomes(DEAF, [joins("amy"), joins("zed"), joins("cy")])
    assert first.status is Status.PASSED
    assert (second.status, second.check.name) == (Status.FAILED, "zed")
    assert "when the clients of this check had gone" in second.came
    assert third.status is Status.PASSED


def test_what_passes_on_a_fresh_server_failed_only_after_others() -> None:
    seen: list[int] = []

    def fails_once(room: Room) -> None:
        seen.append(room.serial)
        if len(seen) == 1:
            raise Broken("a", "b", "c")

    flaky = Check("flaky", Level.REQUIRED, "promise", "advice", fails_once)
    found = outcomes("from tests.host.check.faults.base import Server; import sys; "
                     "Server().run(int(sys.argv[1]))", [CHAT["join"], flaky], 20.0)  # fmt: skip
    assert found[1].status is Status.FAILED
    assert found[1].only_after == ("join",)
    assert len(seen) == 2


def test_after_a_whole_patience_later_answers_are_given_up_but_nothing_is_concluded() -> None:
    """The server never says a line: the first check waits for it in vain, the next is undecided."""
    source = (
        "from tests.host.check.faults.base import Server; import sys\n"
        "Server.said = lambda self, member, text: None\nServer().run(int(sys.argv[1]))"
    )
    message, again = outcomes(source, [CHAT["message"], CHAT["same-text"]], 4.0)
    assert (message.status, message.came) == (Status.FAILED, "nothing within 4 s")
    assert (again.status, again.reason) == (Status.NOT_REACHED, UNDECIDED)


SERVERS = {
    "TLS": (
        "import socket, ssl, sys\n"
        "listener = socket.create_server(('127.0.0.1', int(sys.argv[1])))\n"
        "while True:\n"
        "    sock = listener.accept()[0]\n"
        "    first = sock.recv(9)\n"
        "    if first: sock.sendall(b'\\x15\\x03\\x01\\x00\\x02\\x02\\x28')\n"
        "    sock.close()\n"
    ),
    "UDP only": (
        "import socket, sys, time\n"
        "sock = socket.socket(type=socket.SOCK_DGRAM)\n"
        "sock.bind(('127.0.0.1', int(sys.argv[1])))\n"
        "time.sleep(600)\n"
    ),
    "sends back what it gets": (
        "import socketserver, sys\n"
        "class Echo(socketserver.StreamRequestHandler):\n"
        "    def handle(self):\n"
        "        for line in self.rfile: self.wfile.write(line)\n"
        "socketserver.ThreadingTCPServer(('127.0.0.1', int(sys.argv[1])), Echo).serve_forever()\n"
    ),
}


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize("said", sorted(SERVERS))
def test_a_server_of_something_else_is_told_at_once(said: str) -> None:
    done = check("chat", "--", sys.executable, "-c", SERVERS[said], "{port}")
    assert done.returncode == 2, done.stdout
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_chat_is_no_echo() -> None:
    done = check("echo", "--", *FAULTY)
    assert done.returncode == 2
    assert "portable-server check chat" in done.stderr


def test_a_server_that_never_greets_ends_the_run() -> None:
    done = check("chat", "--patience", "2", "--", *FAULTY, "no-greeting")
    assert done.returncode == 1
    assert "Fix this first: greeting" in done.stdout
    assert "nobody can join" in done.stdout


def test_remedies_for_a_command_that_does_not_start(tmp_path: Path, taken: int) -> None:
    in_use = f"import socket; socket.create_server(('127.0.0.1', {taken}))"
    needs_port = "import sys; print(sys.argv[1])"
    commands = {
        "leave out the quotes": [f"{sys.executable} chat.py {free_port()}"],
        "no {port}": [sys.executable, "-c", needs_port],
        "set SO_REUSEADDR": [sys.executable, "-c", in_use],
    }
    for remedy, command in commands.items():
        done = check("chat", "--", *command)
        assert done.returncode == 2, done.stdout
        assert remedy in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1

"""The chat client for people: in a pipe, on a terminal, and when things go wrong."""

from __future__ import annotations

import os
import pty
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from portable_harness.base.servers import ServerProcess
from portable_harness.base.tree import TREE
from portable_harness.chat.client import styled

CLIENT = (sys.executable, "-m", "portable_harness", "chat-client")


@pytest.fixture
def server() -> Iterator[ServerProcess]:
    """A chat server that needs nothing but this interpreter."""
    command = [sys.executable, "-m", "portable_server", "chat", "--stop-on-stdin-eof"]
    with ServerProcess(command, cwd=TREE) as running:
        yield running


def where(server: ServerProcess) -> str:
    return f"{server.address[0]}:{server.address[1]}"


def member(server: ServerProcess, name: str) -> socket.socket:
    """Another member, joined."""
    other = socket.create_connection(server.address, timeout=20)
    other.recv(1000)
    other.sendall(name.encode() + b"\n")
    assert b"room contains" in other.recv(1000)
    return other


def test_a_pipe_is_plain(server: ServerProcess) -> None:
    with member(server, "ann") as ann:
        done = subprocess.run(
            [*CLIENT, where(server)], cwd=TREE, input="bot\nhello\n", text=True,
            capture_output=True, timeout=60,
        )  # fmt: skip
        heard = ann.makefile("rb")
        assert [heard.readline() for _ in range(3)] == [
            b"* bot has entered the room\n",
            b"[bot] hello\n",
            b"* bot has left the room\n",
        ]
        heard.close()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1] == "* The room contains: ann"
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("address", "said"), [("127.0.0.1:1", "no chat server"), ("nonsense", "is not HOST:PORT")]
)
def test_bad_input_is_one_line(address: str, said: str) -> None:
    done = subprocess.run(
        [*CLIENT, address], cwd=TREE, capture_output=True, text=True, timeout=60,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


class OnTerminal:
    """The client with a pseudo-terminal as its whole world."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self.screen, theirs = pty.openpty()
        env = {**os.environ, "TERM": "xterm", **environment}
        self.process = subprocess.Popen(
            [*CLIENT, *arguments], cwd=TREE, stdin=theirs, stdout=theirs, stderr=theirs, env=env,
            start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self.text = ""

    def __enter__(self) -> OnTerminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        os.close(self.screen)

    def wait_for(self, text: str, seconds: float = 30.0) -> None:
        deadline = time.monotonic() + seconds
        while text not in self.text:
            left = deadline - time.monotonic()
            assert left > 0, f"{text!r} is not in {self.text!r}"
            if select.select([self.screen], [], [], left)[0]:
                self.text += os.read(self.screen, 10_000).decode("utf-8", "replace")

    def type(self, text: str) -> None:
        os.write(self.screen, text.encode())


def test_what_is_half_typed_stays_below(server: ServerProcess) -> None:
    with member(server, "ann") as ann, OnTerminal(where(server), "--name", "bob") as bob:
        bob.wait_for("The room contains: ann")
        bob.type("half")
        bob.wait_for("half")
        ann.sendall(b"hello\n")
        bob.wait_for("hello")
        bob.text = bob.text.partition("hello")[2]
        bob.wait_for("> half")
        bob.type(" done\n")
        heard = ann.makefile("rb")
        while heard.readline() != b"[bob] half done\n":
            pass
        heard.close()
        bob.wait_for("done\r\n")
        bob.text = bob.text.rpartition("done\r\n")[2]
        bob.wait_for("> ")  # before readline has the terminal, Ctrl-D is the terminal's own
        bob.type("\x04")
        assert bob.process.wait(20) == 0


def test_control_c_is_clean(server: ServerProcess) -> None:
    with OnTerminal(where(server), "--name", "bob") as bob:
        bob.wait_for("> ")
        bob.wait_for("The room contains")
        bob.process.send_signal(signal.SIGINT)
        assert bob.process.wait(20) == 130
        assert "Traceback" not in bob.text


def test_the_server_ends_it(server: ServerProcess) -> None:
    with OnTerminal(where(server), "--name", "bob") as bob:
        bob.wait_for("The room contains")
        server.ask_to_stop_by_stdin()
        bob.wait_for("server is closing")
        bob.wait_for("has ended the connection")
        assert bob.process.wait(20) == 1


def test_no_color_is_honoured(server: ServerProcess) -> None:
    with OnTerminal(where(server), "--name", "bob", NO_COLOR="1") as bob:
        bob.wait_for("The room contains")
        with member(server, "ann") as ann:
            bob.wait_for("ann has entered")
            ann.sendall(b"hello\n")
            bob.wait_for("hello")
        assert "\x1b[3" not in bob.text
        assert ";3" not in bob.text


def test_a_line_cannot_command_the_terminal() -> None:
    assert "\x1b" not in styled("[ann] \x1b[2Jgone")
    assert styled("[ann] [red]x[/red]").endswith(r"\[red]x\[/red]")

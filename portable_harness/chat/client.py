"""A chat client for people: what you type stays below what comes in.

Two threads: one reads the server and prints, the main one reads the person.  On a terminal,
readline edits the line; to print above it, the printing thread clears the line, prints, and draws
prompt and half-typed text again.  In a pipe both directions are plain.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
from collections.abc import Iterator
from typing import Protocol

import click
from rich.console import Console
from rich.markup import escape

from portable_harness.chat.lines import Line, parse

PROMPT = "> "
NAME_COLOURS = ("cyan", "green", "yellow", "magenta", "blue", "bright_red", "bright_cyan")
FAREWELL = 5.0  # seconds to wait for what the server still says when a pipe has ended


class ConnectionLost(Exception):
    """The server ended the conversation; the message says so."""


class Screen(Protocol):
    """Where what comes from the server is shown."""

    def show(self, line: str) -> None: ...


class Pipe:
    """Not a terminal: lines as they are."""

    def show(self, line: str) -> None:
        with contextlib.suppress(BrokenPipeError):
            click.echo(line)


class Terminal:
    """A terminal: coloured lines above the one that is being typed."""

    def __init__(self) -> None:
        self.console = Console(highlight=False)
        self.prompting = False

    def show(self, line: str) -> None:
        if self.prompting:
            sys.stdout.write("\r\x1b[2K")
        self.console.print(styled(line), soft_wrap=True)
        if self.prompting:
            sys.stdout.write(PROMPT + half_typed())
        sys.stdout.flush()


def half_typed() -> str:
    """What is in readline's buffer (empty without readline)."""
    readline = sys.modules.get("readline")
    return readline.get_line_buffer() if readline else ""


def styled(line: str) -> str:
    """Rich markup for a line of the server; control characters cannot reach the terminal."""
    parsed = parse("".join(c if c.isprintable() or c == "\t" else "\ufffd" for c in line))
    if parsed.kind == "message":
        colour = NAME_COLOURS[sum(parsed.name.encode()) % len(NAME_COLOURS)]
        return f"[bold {colour}]{parsed.name}[/] {escape(parsed.text)}"
    return f"[{_style(parsed)}]{escape(_text(parsed))}[/]"


def _style(line: Line) -> str:
    return {"refusal": "bold red", "closing": "bold yellow"}.get(line.kind, "dim")


def _text(line: Line) -> str:
    if line.kind in ("join", "leave"):
        return f"* {line.name} has {'entered' if line.kind == 'join' else 'left'} the room"
    if line.kind == "room":
        return f"* The room contains: {line.text}"
    return "* server is closing" if line.kind == "closing" else line.text


def run(address: tuple[str, int], name: str | None) -> None:
    """Talk until the person leaves; raises ConnectionLost if the server ends it, OSError if there
    is no server, KeyboardInterrupt on Ctrl-C.
    """
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    with socket.create_connection(address, timeout=10) as connection:
        connection.settimeout(None)
        session = _Session(connection, Terminal() if interactive else Pipe())
        try:
            session.talk(_typed(session.screen) if interactive else _piped(), name)
        finally:
            session.close()


def _piped() -> Iterator[str]:
    for line in sys.stdin:
        yield line.rstrip("\r\n")


def _typed(screen: Screen) -> Iterator[str]:
    """Lines from the person, edited with readline where Python has it."""
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  (importing it makes input() use it)
    assert isinstance(screen, Terminal)
    while True:
        screen.prompting = True
        try:
            yield input(PROMPT)
        except EOFError:
            click.echo()
            return
        finally:
            screen.prompting = False


class _Session:
    """One conversation: a thread that shows what comes, and `talk` that sends what is said."""

    def __init__(self, connection: socket.socket, screen: Screen) -> None:
        self.connection = connection
        self.screen = screen
        self.leaving = False
        self.ended = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)

    def talk(self, lines: Iterator[str], name: str | None) -> None:
        self._reader.start()
        if name is not None:
            self._send(name)
        for line in lines:
            self._send(line)
        self.leaving = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
        self.ended.wait(FAREWELL)

    def close(self) -> None:
        self.leaving = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        if self._reader.is_alive():
            self._reader.join(2)

    def _send(self, line: str) -> None:
        if self.ended.is_set():
            raise ConnectionLost("the server has ended the connection")
        try:
            self.connection.sendall(line.encode("utf-8", "replace") + b"\n")
        except OSError:
            raise ConnectionLost("the server has ended the connection") from None

    def _read(self) -> None:
        rest = b""
        with contextlib.suppress(OSError):
            while data := self.connection.recv(65_536):
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    self.screen.show(line.decode("utf-8", "replace").rstrip("\r"))
        self.ended.set()
        if not self.leaving and isinstance(self.screen, Terminal):
            self._end_at_once()

    def _end_at_once(self) -> None:
        """input() cannot be woken from another thread: say it, restore the terminal, and end."""
        sys.stdout.write("\r\x1b[2K")
        sys.stdout.flush()
        click.echo("the server has ended the connection", err=True)
        _restore_terminal()
        os._exit(1)


def _restore_terminal() -> None:
    """readline sets the terminal to its own mode while input() waits: set it back."""
    with contextlib.suppress(Exception):
        import termios

        mode = termios.tcgetattr(0)
        mode[3] |= termios.ICANON | termios.ECHO | termios.ISIG
        mode[0] |= termios.ICRNL
        mode[1] |= termios.OPOST | termios.ONLCR
        termios.tcsetattr(0, termios.TCSANOW, mode)

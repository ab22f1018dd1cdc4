"""What can be measured: the peers, and our server on every interpreter that was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import click

from portable_harness.base.errors import Problem
from portable_harness.interpreters import Absent, Interpreter, select
from portable_harness.peers import registry
from portable_harness.peers.registry import Missing

CEILING = "epoll-c"
PEERS = tuple(peer.name for peer in registry.peers("chat") if peer.name != CEILING)
OURS = ("py313", "py313t", "py27", "pypy39", "jython")
DESIGNS = ("global-lock", "mailboxes")  # besides the default, "objects"
# Seconds until a JIT's rate settles (measured while the project was planned); others need none.
SETTLING = {"Jython": 8.0, "PyPy": 4.0}


@dataclass(frozen=True)
class Candidate:
    """A server that can be started.  `settling`: seconds of load before the first measurement."""

    name: str
    command: tuple[str, ...]
    settling: float = 0.0


def all_names() -> list[str]:
    return [CEILING, *PEERS, *OURS, *(f"{OURS[0]}:{design}" for design in DESIGNS)]


def choose(names: Sequence[str]) -> list[Candidate | Missing]:
    """The servers by name: a peer, an interpreter, or INTERPRETER:DESIGN."""
    return [_choose(name) for name in names]


def _choose(name: str) -> Candidate | Missing:
    if name in (CEILING, *PEERS):
        return _peer(name)
    interpreter_name, _, design = name.partition(":")
    if ":" in name and design not in ("objects", *DESIGNS):
        raise Problem(f"no design is called {design!r}", f"known: objects, {', '.join(DESIGNS)}")
    found = _interpreter(interpreter_name)
    if isinstance(found, Absent):
        return Missing(name, found.reason)
    return Candidate(name, _ours(found, design), SETTLING.get(found.implementation, 0.0))


def _interpreter(name: str) -> Interpreter | Absent:
    try:
        (chosen,) = select(name)
    except (Problem, ValueError):
        raise Problem(f"no server is called {name!r}", f"known: {', '.join(all_names())}") from None
    return chosen


def _ours(interpreter: Interpreter, design: str) -> tuple[str, ...]:
    options = ["--stop-on-stdin-eof", "--log-level", "error", "--max-connections", "20000"]
    options += ["--backlog", "4096", "--handshake", "300"]
    if design:
        options += ["--design", design]
    return (*interpreter.command, "-m", "portable_server", "chat", *options)


def _peer(name: str) -> Candidate | Missing:
    """A peer; one in Python on the interpreter that our server is compared on."""
    (peer,) = registry.choose("chat", [name])
    interpreter = _interpreter("cpython")
    found = registry.resolve(
        peer, interpreter if isinstance(interpreter, Interpreter) else None, _say
    )
    return found if isinstance(found, Missing) else Candidate(name, found.command)


def _say(text: str) -> None:
    click.echo(text, err=True)

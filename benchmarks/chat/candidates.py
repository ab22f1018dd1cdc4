"""What can be measured: the peers, and our server on every interpreter that was found."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.chat.build import YARDSTICK, compiled, compiler
from harness.errors import Problem
from harness.interpreters import Absent, Interpreter, select

ROOT = Path(__file__).resolve().parents[2]
CEILING = "epoll-c"
PEERS = ("asyncio-streams", "asyncio-protocol", "uvloop-protocol", "lock-sendall", "writer-threads")
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


@dataclass(frozen=True)
class Missing:
    """A server that cannot be measured here, and why: reported, never left out in silence."""

    name: str
    reason: str


def all_names() -> list[str]:
    return [CEILING, *PEERS, *OURS, *(f"{OURS[0]}:{design}" for design in DESIGNS)]


def choose(names: Sequence[str]) -> list[Candidate | Missing]:
    """The servers by name: a peer, an interpreter, or INTERPRETER:DESIGN."""
    return [_choose(name) for name in names]


def _choose(name: str) -> Candidate | Missing:
    if name == CEILING:
        return _yardstick()
    if name in PEERS:
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


def _yardstick() -> Candidate | Missing:
    if compiler() is None:
        return Missing(CEILING, "no C compiler")
    return Candidate(CEILING, (str(compiled(YARDSTICK)),))


def _peer(name: str) -> Candidate | Missing:
    """A Python peer, on the interpreter that our server is compared on."""
    found = _interpreter("cpython")
    command = found.command if isinstance(found, Interpreter) else (sys.executable,)
    if name.startswith("uvloop"):
        able = [c for c in (command, (sys.executable,)) if _has_uvloop(c)]
        if not able:
            return Missing(name, "uvloop is not installed (pip install uvloop)")
        command = able[0]
    return Candidate(name, (*command, "-m", f"benchmarks.peers.{name.replace('-', '_')}_chat"))


def _has_uvloop(command: Sequence[str]) -> bool:
    asked = subprocess.run([*command, "-c", "import uvloop"], capture_output=True, timeout=60)
    return asked.returncode == 0

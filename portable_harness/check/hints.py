"""What somebody may have meant by a command that does not start, and the last that it printed."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from portable_harness.check.processes import PORT

SHOWN = 200  # characters


def for_words(command: Sequence[str]) -> str:
    """Why a command cannot be found."""
    first = command[0]
    if len(shlex.split(first.replace("'", ""))) > 1 and not Path(first).exists():
        return "leave out the quotes around the whole command: each word is an argument"
    if Path(first).is_file() and "/" not in first:
        return f"did you mean ./{first}, or python3 {first}?"
    if Path(first).is_file():
        return f"chmod +x {first}, or name the program that runs it"
    return ""


def for_port(command: Sequence[str], status: int) -> str:
    """What a command lacks that ended at once with an error."""
    if status and not any(PORT in word for word in command):
        return f"its command line has no {PORT}: add it where the port goes"
    return ""


def last_line(output: str) -> str:
    """The last line that was printed, short, without what a terminal would obey."""
    lines = output.strip().splitlines() or [""]
    plain = "".join(char if char.isprintable() else "?" for char in lines[-1])
    return plain if len(plain) <= SHOWN else f"{plain[:SHOWN]} ..."

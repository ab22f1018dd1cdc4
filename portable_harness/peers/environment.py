"""The libraries of the peers: each in an environment of its own, made on first use.

An environment belongs to an interpreter and to the text of its requirements file, so trees with
other versions don't disturb each other. It is in the user's cache;
`portable_harness.guest` makes it,
under a lock. Only wheels are taken: to compile uvloop or gevent takes minutes, and tools that a
person who wants to compare servers need not have.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from portable_harness import guest
from portable_harness.base import cache
from portable_harness.base.errors import Problem
from portable_harness.interpreters import Interpreter

Say = Callable[[str], None]
REMEDY = "is there a package index? see `pip config list`"


def requirements(library: str) -> Path:
    """The file that says what `library` needs: versions and hashes."""
    return Path(__file__).with_name(f"requirements-{library}.txt")


def version(library: str) -> str:
    """The version that is pinned."""
    text = requirements(library).read_text(encoding="utf-8")
    pinned = re.search(rf"^{library}==(\S+)", text, re.MULTILINE | re.IGNORECASE)
    assert pinned, f"{library} is not in its own requirements"
    return pinned[1]


def python_with(library: str, interpreter: Interpreter, say: Say) -> Path:
    """The program of the interpreter's environment that has `library`; made if need be.

    :raises Problem: one line, with the remedy, when it cannot be installed.
    """
    file = requirements(library)
    identity = hashlib.sha256(str(interpreter.path).encode() + b"\0" + file.read_bytes())
    folder = f"{interpreter.name}-{library}-{identity.hexdigest()[:8]}"
    words = ("--only-binary=:all:", "-r", str(file))
    made = guest.environment(interpreter, words, cache.directory("peers") / folder)
    if not made.is_current():
        say(f"{library} {version(library)} is installed for {interpreter.name} (only this once)")
        try:
            made.create()
        except (Problem, OSError, subprocess.SubprocessError) as error:
            raise Problem(f"{library} {version(library)}: {_reason(error)}", REMEDY) from None
    return made.python


def _reason(error: Exception) -> str:
    """Without the words of our command line, which say nothing to a reader."""
    said = error.message if isinstance(error, Problem) else str(error)
    return re.sub(r"^cannot install .*?\.txt: ", "", said)

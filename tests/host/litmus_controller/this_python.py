"""This very Python as an interpreter of the controller, and a console that nobody reads."""

from __future__ import annotations

import io
import sys

from rich.console import Console

from portable_harness.interpreters import Interpreter, select


def _here() -> Interpreter:
    found = select(sys.executable)[0]
    assert isinstance(found, Interpreter), found
    return found


HERE = _here()
CONSOLE = Console(file=io.StringIO(), width=160)

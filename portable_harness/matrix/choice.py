"""What the options of ``matrix`` choose: tests and interpreters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from portable_harness.base.errors import Problem
from portable_harness.base.tree import TREE
from portable_harness.interpreters import Absent, Interpreter, select
from portable_harness.interpreters.model import Found
from portable_harness.interpreters.table import find_with_progress
from portable_harness.matrix import missing
from portable_harness.matrix.options import MatrixOptions

Wanted = Interpreter | Absent
AT_LEAST = ("cpython", "jython")
# A word of an expression, as pytest's -k reads it, that is neither an operator nor a parenthesis.
_NAME = re.compile(r"(?!(?:and|or|not)\b)[^\s()]+")


# Of our own tests: those of the harness, which are never a guest's, and those that prove our tools
# and say little about an interpreter.
HOST, TOOLS = "tests/host", "tests/tools"


def selection(project: Path, only: Sequence[str], everything: bool = False) -> list[str]:
    """pytest's arguments for ``--only`` and ``--all``.

    :raises Problem: for a path that is not there, or an expression that is none
    """
    if everything and project != TREE:
        raise Problem("--all is for the tests of portable-server itself", "leave it out")
    paths = [word for word in only if _is_path(word)]
    expressions = [word for word in only if not _is_path(word)]
    for path in paths:
        if not (project / path.partition("::")[0]).exists():
            raise Problem(f"no such tests: {path}", f"paths are relative to {project}")
    for expression in expressions:
        _check_expression(expression)
    chosen = paths or (["tests"] if (project / "tests").is_dir() else ["."])
    if project == TREE:
        unwanted = [HOST] if paths or everything else [HOST, TOOLS]
        chosen += [f"--ignore={folder}" for folder in unwanted]
    if expressions:
        chosen += ["-k", " or ".join(f"({expression})" for expression in expressions)]
    return chosen


def _check_expression(text: str) -> None:
    """Say what is wrong here, once, and not on every interpreter."""
    try:
        compile(_NAME.sub("name", text), "--only", "eval")
    except SyntaxError:
        raise Problem(
            f"--only {text!r} is no expression", 'for example --only "lock and not timeout"'
        ) from None


def _is_path(text: str) -> bool:
    return "/" in text or "::" in text or text.endswith(".py") or text == "tests"


def interpreters(console: Console, options: MatrixOptions) -> list[Wanted]:
    """Those that were named, or all that are here; what is missing is got first, if it can be."""
    if options.interpreters is not None:
        return list(select(options.interpreters))
    found = find_with_progress()
    if options.install and _get_missing(console, found, options.allow_debian):
        found = find_with_progress()
    return [*found.interpreters, *_absent(found)]


def _get_missing(console: Console, found: Found, allow_debian: bool) -> bool:
    """Whether one of them was got."""
    got = [missing.get(console, interpreter, allow_debian, found) for interpreter in _absent(found)]
    return any(got)


def _absent(found: Found) -> list[Absent]:
    return [
        interpreter
        for interpreter in select(",".join(AT_LEAST), found)
        if isinstance(interpreter, Absent)
    ]

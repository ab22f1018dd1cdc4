"""What a student reads about a result: what happened, and where in the student's own file.

A traceback has frames of the harness around those of the student. Only the student's are shown,
with the name of the file as the student knows it, and the exception at the end. Advice belongs to
a check, so it is left out where the program did not come as far as what the check is about.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from portable_harness.exercise.model import NOT_STARTED, Result, Status

FRAME = re.compile(r'^\s*File "([^"]+)", line (\d+)(?:, in (\S+))?')
EXCEPTION = re.compile(r"^\w+(\.\w+)*(Error|Exception|Interrupt|Exit|Closed)\b.*")
ABSENT = re.compile(r"^AttributeError: .*\bmodule\b.*has no attribute '(\w+)'")
MOST_FRAMES, MOST_LINES = 6, 4
WIDEST, LONGEST = 160, 600  # characters of a line of the output, and of a value
LABELS = {"sent": "sent", "came": "actual", "due": "expected", "advice": "advice"}
INDENT = " " * 9


def lines(interpreter: str, result: Result, file: Path) -> Iterator[str]:
    """The lines about a result: one for a check that passed, a paragraph for a failure."""
    result = in_terms_of(file, result)
    what = f"{result.check:18} {result.promise}"
    if result.sent == NOT_STARTED:
        what = f"{file.name} does not start"
    yield f"{interpreter:8} {result.status.value:7} {what}"
    if result.status is Status.PASSED:
        return
    for name, label in LABELS.items():
        value = getattr(result, name)
        if value and value not in ("-", NOT_STARTED):
            yield f"{INDENT}{label + ':':9} {value[:LONGEST]}"
    for line in excerpt(result.output, file.name):
        yield f"{INDENT}| {line[:WIDEST]}"


def in_terms_of(file: Path, result: Result) -> Result:
    """The same result, about the student's file where that is the cause, without advice then."""
    if found := ABSENT.match(result.came):
        missing = f"{file.name} has no {found[1]}; it has: {', '.join(names(file)) or 'nothing'}"
        return replace(result, sent="", came=missing, due=found[1], advice="", output="")
    if result.sent == NOT_STARTED or result.check == "loads":
        return replace(result, advice="")
    return result


def names(file: Path) -> list[str]:
    """The classes and functions of a file, in its order; none where it cannot be parsed."""
    with suppress(OSError, ValueError, SyntaxError):
        body = ast.parse(file.read_bytes()).body
        return [node.name for node in body if isinstance(node, ast.ClassDef | ast.FunctionDef)]
    return []


def excerpt(output: str, name: str) -> list[str]:
    """The student's frames of the tracebacks in an output, and the exception; else its end."""
    text = output.strip().splitlines()
    frames = list(dict.fromkeys(_frames(text, name)))
    if not frames:
        return text[-MOST_LINES:]
    last = [line for line in text if EXCEPTION.match(line)][-1:]
    return frames[-MOST_FRAMES:] + last


def _frames(text: list[str], name: str) -> Iterator[str]:
    """Each frame in the file of this name: its place, and the source line that follows it."""
    for number, line in enumerate(text):
        found = FRAME.match(line)
        if not found or Path(found[1]).name != name:
            continue
        source = text[number + 1].strip() if number + 1 < len(text) else ""
        if FRAME.match(source) or EXCEPTION.match(source):
            source = ""
        where = f"{name}, line {found[2]}" + (f", in {found[3]}" if found[3] else "")
        yield f"{where}: {source}" if source else where

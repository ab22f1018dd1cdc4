"""One target on each interpreter, a few interpreters at a time; a result for each."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portable_harness.base.errors import Problem
from portable_harness.base.guest_program import last_object, run_child
from portable_harness.base.processes import describe
from portable_harness.base.tasks import run_all
from portable_harness.base.text import clean
from portable_harness.interpreters import Absent, Interpreter
from portable_harness.jython.launcher import fast_command

START_LIMIT = 240.0  # seconds for an interpreter to start, and to simplify what it found
KEPT = 2000  # characters of the output of a process that crashed
OK = "ok"
FOUND = ("not linearizable", "deadlock", "livelock", "fails")
ABSENT, CRASH, HANG, STOPPED = "absent", "crash", "hang", "interrupted"

Say = Callable[[str, str], None]


@dataclass(frozen=True)
class Plan:
    """What is explored, and for how long on each interpreter."""

    target: str
    seconds: float
    seed: int
    replay: str | None
    jobs: int

    def arguments(self) -> list[str]:
        """Python's arguments for the explorer."""
        words = ["-m", "portable_server.litmus.explore", absolute(self.target)]
        words += ["--seconds", f"{self.seconds:g}", "--seed", str(self.seed)]
        return [*words, f"--replay={self.replay}"] if self.replay else words


@dataclass(frozen=True)
class Cell:
    """What one interpreter found: a kind, one line, and the explorer's own report."""

    interpreter: str
    kind: str
    title: str
    report: dict[str, Any]

    @property
    def is_found(self) -> bool:
        """Whether something is wrong with the target."""
        return self.kind in FOUND

    def as_json(self) -> dict[str, Any]:
        """What ``--json`` writes."""
        return {
            **self.report, "interpreter": self.interpreter, "kind": self.kind, "title": self.title
        }  # fmt: skip


def absolute(target: str) -> str:
    """The target for a process in another folder.

    :raises Problem: when it names no class or function, or a file that is not there
    """
    place, colon, name = target.rpartition(":")
    if not colon or not place or not name:
        raise Problem(
            f"{target} names no class or function", "write FILE.py:NAME or package.module:NAME"
        )
    if not place.endswith(".py"):
        return target
    if not Path(place).is_file():
        raise Problem(f"there is no file {place}", "name a Python file")
    return f"{Path(place).absolute()}:{name}"


def explore(interpreters: Sequence[Interpreter | Absent], plan: Plan, say: Say) -> list[Cell]:
    """The cells of all interpreters; Ctrl-C ends those that run and keeps the others."""
    here = [one for one in interpreters if isinstance(one, Interpreter)]

    def task(one: Interpreter) -> Callable[[threading.Event], Cell]:
        return lambda stop: _cell(one, plan, stop, say)

    cells, _ = run_all([task(one) for one in here], plan.jobs)
    found = {cell.interpreter: cell for cell in cells}
    return [
        found.get(one.name, Cell(one.name, STOPPED, "interrupted", {}))
        if isinstance(one, Interpreter)
        else Cell(one.name, ABSENT, one.reason, {})
        for one in interpreters
    ]


def _cell(interpreter: Interpreter, plan: Plan, stop: threading.Event, say: Say) -> Cell:
    cell = _explored(interpreter, plan, stop)
    say(interpreter.name, cell.title)
    return cell


def _explored(interpreter: Interpreter, plan: Plan, stop: threading.Event) -> Cell:
    if stop.is_set():
        return Cell(interpreter.name, STOPPED, "interrupted", {})
    limit = plan.seconds + START_LIMIT
    command = [*fast_command(interpreter, "start"), *plan.arguments()]
    status, output, errors = run_child(command, _folders(), limit, stop, {"PYTHONHASHSEED": "0"})
    if status is None:
        kind, title = (STOPPED, "interrupted") if stop.is_set() else (HANG, f"over {limit:g} s")
        return Cell(interpreter.name, kind, title, {})
    report = last_object(output, "kind")
    if not report:
        said = clean(output + errors).strip()[-KEPT:]
        return Cell(interpreter.name, CRASH, f"{describe(status)}: {said}", {})
    return Cell(interpreter.name, str(report["kind"]), str(report["title"]), report)


def _folders() -> list[str]:
    """Where modules are found: this folder, and the user's PYTHONPATH."""
    path = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return [str(Path.cwd()), *(one for one in path if one)]

"""Each library on each interpreter, in a process of its own, a few interpreters at a time."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from portable_harness import guest
from portable_harness.base.errors import Problem
from portable_harness.base.guest_program import last_object, run_child
from portable_harness.base.processes import describe
from portable_harness.base.tasks import run_all
from portable_harness.base.text import clean
from portable_harness.findings.results import ABSENT, CRASH, HANG, STOPPED, Cell
from portable_harness.interpreters import Absent, Interpreter

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
# As `python -m portable_server.litmus.others --list` has them.
LIBRARIES = (
    "queue", "socketserver", "futures", "logging", "cachetools", "sortedcontainers",
    "urllib3", "cheroot", "apscheduler", "dbutils",
)  # fmt: skip
STANDARD = {"queue", "socketserver", "logging"}  # on every interpreter, nothing to install
START_LIMIT = 120.0  # seconds for an interpreter to start and for a last round to end
KEPT = 4000  # characters of the output of a process that crashed

Say = Callable[[str, str], None]


@dataclass(frozen=True)
class Plan:
    """What is done: a number of rounds or seconds of each library, whichever ends first."""

    libraries: tuple[str, ...] = LIBRARIES
    rounds: int = 200
    seconds: float = 10.0
    seed: int = 1
    jobs: int = 2
    package: str = "portable_server.litmus.others"
    folders: tuple[str, ...] = ()

    def arguments(self, library: str) -> list[str]:
        """Python's arguments for one library."""
        limits = ["--rounds", str(self.rounds), "--seconds", f"{self.seconds:g}"]
        return ["-m", self.package, library, *limits, "--seed", str(self.seed)]


def measure(interpreters: Sequence[Interpreter | Absent], plan: Plan, say: Say) -> list[Cell]:
    """The cells of all interpreters that are here; Ctrl-C ends them and keeps what was measured."""
    here = [interpreter for interpreter in interpreters if isinstance(interpreter, Interpreter)]

    def task(interpreter: Interpreter) -> Callable[[threading.Event], list[Cell]]:
        return lambda stop: _column(interpreter, plan, stop, say)

    columns, _ = run_all([task(interpreter) for interpreter in here], plan.jobs)
    return [cell for column in columns for cell in column]


def _column(interpreter: Interpreter, plan: Plan, stop: threading.Event, say: Say) -> list[Cell]:
    command, trouble = list(interpreter.command), ""
    if not stop.is_set() and not set(plan.libraries) <= STANDARD:
        try:
            command = [str(_environment(interpreter, say).python)]
        except (Problem, OSError, subprocess.SubprocessError) as error:
            trouble = error.message if isinstance(error, Problem) else str(error)
    cells = []
    for library in plan.libraries:
        if trouble and library not in STANDARD:
            cells.append(Cell(library, interpreter.name, ABSENT, trouble))
            continue
        cells.append(_cell(interpreter, command, library, plan, stop))
        say(interpreter.name, f"{library}: {cells[-1].summary}")
    return cells


def _environment(interpreter: Interpreter, say: Say) -> guest.GuestEnvironment:
    """The interpreter with the libraries; made on first use, then kept in the user's cache."""
    made = guest.kept("findings", interpreter, ("-r", str(REQUIREMENTS)))
    if not made.is_current():
        say(interpreter.name, "its environment is made (only this once)")
    made.create()
    return made


def _cell(
    interpreter: Interpreter, command: Sequence[str], library: str, plan: Plan,
    stop: threading.Event,
) -> Cell:  # fmt: skip
    if stop.is_set():
        return Cell(library, interpreter.name, STOPPED)
    limit = plan.seconds + START_LIMIT
    status, output, errors = run_child(
        [*command, *plan.arguments(library)], plan.folders, limit, stop
    )
    if status is None and stop.is_set():
        return Cell(library, interpreter.name, STOPPED)
    if status is None:
        return Cell(library, interpreter.name, HANG, f"not ended after {limit:g} s")
    details = last_object(output, "outcome")
    if not details:
        said = clean(output + errors).strip()[-KEPT:]
        return Cell(library, interpreter.name, CRASH, f"{describe(status)}: {said}")
    return Cell(library, interpreter.name, details["outcome"], details["error"], details)

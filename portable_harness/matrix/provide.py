"""Gets what a run needs: a guest environment, a folder for the logs."""

from __future__ import annotations

import datetime
import os
import shutil
import subprocess
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

import psutil

from portable_harness import guest
from portable_harness.base import cache, children
from portable_harness.base.errors import Problem
from portable_harness.interpreters import Absent, Interpreter, search
from portable_harness.interpreters.places import Candidate
from portable_harness.matrix.guest_run import Plan, run_guest
from portable_harness.matrix.guests import Guest
from portable_harness.matrix.outcomes import Column
from portable_harness.matrix.progress import Reporter

RUNS_KEPT = 5
UNPROVEN = ("GP", "U")  # classes whose environments have been seen by nobody here
Task = Callable[[threading.Event], Column]


def new_run() -> Path:
    """A new folder for the logs of one run; the oldest runs go, unless they are still under way."""
    runs = cache.directory("matrix")
    now = datetime.datetime.now().astimezone()
    folder = runs / f"{now:%Y%m%d-%H%M%S}-{os.getpid()}"
    folder.mkdir(parents=True)
    for old in sorted(runs.iterdir())[:-RUNS_KEPT]:
        if not _is_under_way(old):
            shutil.rmtree(old, ignore_errors=True)
    return folder


def _is_under_way(run: Path) -> bool:
    """Whether the process that made this folder is alive (or another with its number)."""
    process = run.name.rpartition("-")[2]
    return process.isdigit() and psutil.pid_exists(int(process))


def task(interpreter: Interpreter | Absent, plan: Plan, progress: Reporter) -> Task:
    """What gives the column of an interpreter, absent ones included."""
    if isinstance(interpreter, Absent):
        absent = Column(interpreter.name, absent=f"{interpreter.reason}; try: {interpreter.remedy}")
        return lambda stop: absent
    return lambda stop: _column(interpreter, plan, progress, stop)


def _column(
    interpreter: Interpreter, plan: Plan, progress: Reporter, stop: threading.Event
) -> Column:
    column = Column(interpreter.name, " ".join(interpreter.command))
    if stop.is_set():
        column.interrupted = True
        return column
    try:
        ready = guest_for(interpreter, progress, plan.requirements)
        progress.say(interpreter.name, "tests")
        column = run_guest(ready, plan, stop, progress.update)
    except children.Stopped:
        column.interrupted = True
    except (Problem, OSError, subprocess.SubprocessError) as error:
        said = error.message if isinstance(error, Problem) else str(error)
        column.trouble.append(f"its tests were not run: {said}")
    except Exception as error:  # a fault of ours: the other interpreters go on all the same
        column.trouble.append(f"the controller failed, please report it: {error!r}")
        traceback.print_exc()
    # what the search measured, where no guest came as far as to say it
    column.facts = column.facts or interpreter.facts()
    progress.done(column)
    return column


def guest_for(
    interpreter: Interpreter, progress: Reporter, requirements: tuple[str, ...] = ()
) -> Guest:
    """The interpreter with pytest; made on first use, then kept in the user's cache.

    :param requirements: words of pip, for what else is in it: ("six", "-r", "/the/file.txt")
    :raises Problem: when its environment cannot be made
    """
    made = guest.kept("guests", interpreter, guest.suite_requirements(interpreter), requirements)
    if not made.is_current():
        progress.say(interpreter.name, "its environment is made (only this once)")
    made.create()
    if interpreter.klass in UNPROVEN and not _runs(made, interpreter):
        return Guest(interpreter.name, interpreter.command, {"PYTHONPATH": str(made.site)})
    return Guest(interpreter.name, (str(made.python),), made.env)


def _runs(made: guest.GuestEnvironment, interpreter: Interpreter) -> bool:
    """Whether an environment starts that implementation, and not the one that a script of this
    name starts in its turn: an environment is made from what `sys.executable` says."""
    [found] = search.probe_all([Candidate(made.python, "environment")])
    return isinstance(found, Interpreter) and found.implementation == interpreter.implementation

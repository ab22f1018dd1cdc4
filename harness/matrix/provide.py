"""Gets what a run needs: a missing interpreter, a guest environment, a folder for the logs."""

from __future__ import annotations

import datetime
import os
import shutil
import threading
from pathlib import Path

import click
import filelock
from rich.console import Console

from harness import guest
from harness.errors import Problem
from harness.interpreters import Absent, Interpreter, cache
from harness.jython import launcher
from harness.matrix.guest_run import Plan, run_guest
from harness.matrix.guests import Guest
from harness.matrix.outcomes import Column
from harness.matrix.progress import Reporter
from harness.matrix.run import Task

RUNS_KEPT = 5
SET_UP_LIMIT = 600.0  # seconds to wait for another matrix that makes the same environment


def new_run() -> Path:
    """A new folder for the logs of one run; the oldest runs before it go."""
    runs = cache.directory("matrix")
    now = datetime.datetime.now().astimezone()
    folder = runs / f"{now:%Y%m%d-%H%M%S}-{os.getpid()}"
    folder.mkdir(parents=True)
    for old in sorted(runs.iterdir())[:-RUNS_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return folder


def task(one: Interpreter | Absent, plan: Plan, progress: Reporter) -> Task:
    """What gives the column of an interpreter, absent ones included."""
    if isinstance(one, Absent):
        absent = Column(one.name, absent=f"{one.reason}; try: {one.remedy}")
        return lambda stop: absent
    return lambda stop: _column(one, plan, progress, stop)


def _column(
    interpreter: Interpreter, plan: Plan, progress: Reporter, stop: threading.Event
) -> Column:
    try:
        ready = guest_for(interpreter, progress)
    except (Problem, OSError, filelock.Timeout) as error:
        said = error.message if isinstance(error, Problem) else str(error)
        column = Column(interpreter.name, " ".join(interpreter.command))
        column.trouble.append(f"no environment for its tests: {said}")
    else:
        progress.say(interpreter.name, "tests")
        column = run_guest(ready, plan, stop, progress.news)
    progress.done(column)
    return column


def guest_for(interpreter: Interpreter, progress: Reporter) -> Guest:
    """The interpreter with pytest; made on first use, then kept in the user's cache."""
    where = cache.directory("guests") / interpreter.name
    made = guest.environment(interpreter, guest.suite_requirements(interpreter), where)
    where.parent.mkdir(parents=True, exist_ok=True)
    with filelock.FileLock(f"{where}.lock", timeout=SET_UP_LIMIT):
        if not made.is_current():
            progress.say(interpreter.name, "makes its environment")
            made.create()
    return Guest(interpreter.name, (str(made.python),), made.env)

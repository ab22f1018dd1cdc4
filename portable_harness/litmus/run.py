"""All interpreters, a few at a time; Ctrl-C ends them all and keeps what was measured."""

from __future__ import annotations

import datetime
import subprocess
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from portable_harness.base.errors import Problem
from portable_harness.base.tasks import run_all
from portable_harness.interpreters import Absent, Interpreter
from portable_harness.litmus import chat_rows
from portable_harness.litmus.guest_run import run_guest
from portable_harness.litmus.plan import Plan
from portable_harness.litmus.progress import Reporter
from portable_harness.litmus.results import Case, Column, Table, side_by_side

CHAT_SECONDS = 1.5  # of mixed traffic
Measured = tuple[Column, dict[str, Case]]


@dataclass(frozen=True)
class Work:
    """What every interpreter is to do: ``cases`` in children of its own, ``recorded`` outside."""

    plan: Plan
    cases: Sequence[Case]
    recorded: Sequence[Case]

    def sentence(self, where: str, jobs: int) -> str:
        """What will be done, said before it begins."""
        racy, quiet = self.plan.seconds, self.plan.quiet_seconds
        return (
            f"{len(self.cases) + len(self.recorded)} cases on {where}, {jobs} at a time; "
            f"{racy:.2g} s for a case that may race, {quiet:.2g} s for others; "
            f"seed {self.plan.seed}"
        )


def measure(
    work: Work, wanted: Sequence[Interpreter | Absent], jobs: int, progress: Reporter
) -> Table:
    """Run everything; the table, with what an interruption left of it."""
    started, begin = now(), time.monotonic()
    order = sorted(range(len(wanted)), key=lambda at: _quickness(wanted[at]))
    tasks = [_task(wanted[at], work, progress) for at in order]
    ended, interrupted = run_all(tasks, jobs)
    measured = [
        column for _, column in sorted(zip(order, ended, strict=True), key=lambda pair: pair[0])
    ]
    return table(work, measured, interrupted, started=started, begin=begin)


def now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")


def table(
    work: Work, measured: Sequence[Measured], interrupted: bool, *, started: str, begin: float
) -> Table:
    """All columns side by side; ``begin`` is what the monotonic clock said when all began."""
    seconds = round(time.monotonic() - begin, 1)
    facts = {"started": started, "seconds": seconds}
    return Table(_cases(work, measured), [column for column, _ in measured], interrupted, facts)


def _quickness(interpreter: Interpreter | Absent) -> int:
    """The slowest begin, so that nobody waits for one of them at the end."""
    slow = ("J", "P", "FT")
    if isinstance(interpreter, Interpreter) and interpreter.klass in slow:
        return slow.index(interpreter.klass)
    return len(slow)


def _task(
    interpreter: Interpreter | Absent, work: Work, progress: Reporter
) -> Callable[[threading.Event], Measured]:
    if isinstance(interpreter, Absent):
        absent = Column(interpreter.name, absent=f"{interpreter.reason}; try: {interpreter.remedy}")
        return lambda stop: (absent, {})
    return lambda stop: _column(interpreter, work, progress, stop)


def _column(
    interpreter: Interpreter, work: Work, progress: Reporter, stop: threading.Event
) -> Measured:
    begin = time.monotonic()
    column, found = Column(interpreter.name), dict[str, Case]()
    try:
        if work.cases:
            progress.say(interpreter.name, "starts")
            column, found = run_guest(interpreter, work.plan, work.cases, stop, progress.update)
        for repetition in range(work.plan.repeats if work.recorded else 0):
            seed = work.plan.seed + repetition
            chat_rows.run_rows(
                column, interpreter, work.recorded, seed, CHAT_SECONDS, stop,
                lambda said: progress.say(interpreter.name, said),
            )  # fmt: skip
    except (Problem, OSError, subprocess.SubprocessError) as error:
        column.trouble.append(f"its cases were not run: {error}")
    except Exception as error:  # a fault of ours: the other interpreters go on all the same
        column.trouble.append(f"the controller failed, please report it: {error!r}")
        traceback.print_exc()
    column.interrupted = stop.is_set()
    column.facts = column.facts or interpreter.facts()
    column.seconds = time.monotonic() - begin
    progress.done(column)
    return column, found


def _cases(work: Work, measured: Sequence[Measured]) -> list[Case]:
    """What was announced, and what a guest has besides: its own word where it has one."""
    known = {case.name: case for case in work.cases}
    for _, found in measured:
        for name, case in found.items():
            known.setdefault(name, case)
    return [*side_by_side(known.values()), *work.recorded]

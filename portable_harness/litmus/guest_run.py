"""A whole interpreter: one child after another until every case has its result.

Where a child crashes or hangs, that is the outcome of the case in progress, and a new child goes on
after it. A child that began no case ends the run: the next one would do the same.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence

from portable_harness.interpreters import Interpreter
from portable_harness.jython.launcher import fast_command
from portable_harness.litmus.child import Child, End
from portable_harness.litmus.plan import Plan
from portable_harness.litmus.results import CRASH, HANG, Case, Column
from portable_harness.litmus.transcript import Transcript

MAX_PROCESSES = 40  # in one repetition: a suite in which so much crashes is not run to its end

Update = Callable[[str, Transcript], None]


def run_guest(
    interpreter: Interpreter,
    plan: Plan,
    cases: Sequence[Case],
    stop: threading.Event,
    update: Update,
) -> tuple[Column, dict[str, Case]]:
    """The column of ``interpreter``, whatever happens to its children, and the cases it has."""
    column = Column(interpreter.name)
    transcript = Transcript(column, plan.package)
    transcript.expected = [case.name for case in cases]
    command = fast_command(interpreter, "throughput")
    started = time.monotonic()
    why = "interrupted"
    for repetition in range(plan.repeats):
        transcript.new_repetition(repetition)
        why = _repetition(command, interpreter, plan, transcript, stop, update)
        if stop.is_set() or why:
            break
    column.interrupted = stop.is_set()
    transcript.mark_unreached(transcript.expected, why or "its child did not come to it")
    column.seconds = time.monotonic() - started
    return column, transcript.cases


def _repetition(
    command: Sequence[str],
    interpreter: Interpreter,
    plan: Plan,
    transcript: Transcript,
    stop: threading.Event,
    update: Update,
) -> str:
    """All cases once; why it could not go to its end, or "" when it did."""
    for _ in range(MAX_PROCESSES):
        if stop.is_set():
            return "interrupted"
        arguments = plan.arguments(transcript.repetition, transcript.last)
        child = Child(command, plan, arguments)
        transcript.column.processes += 1
        before = transcript.last
        for event in child.events(stop):
            transcript.take(event)
            update(interpreter.name, transcript)
        if child.end in (End.FINISHED, End.STOPPED):
            return ""
        _book_end(child, transcript)
        if transcript.last == before:
            return f"a child began no case: {child.sentence}"
        if transcript.last == transcript.expected[-1]:
            return ""
    return f"{MAX_PROCESSES} children ended before the last case"


def _book_end(child: Child, transcript: Transcript) -> None:
    """Book a crash, or a hang that the child could not report itself."""
    if transcript.in_progress is None:
        if child.end is not End.HUNG:
            where = f"after {transcript.last}" if transcript.last else "before the first case"
            transcript.column.trouble.append(
                f"a child ended {where}: {child.sentence}{_last(child)}"
            )
        return
    outcome = HANG if child.end is End.SILENT else CRASH
    transcript.close_with(outcome, f"{child.sentence}\n{child.said}".strip())


def _last(child: Child) -> str:
    lines = child.said.splitlines()
    return f"; it said last: {lines[-1]}" if lines else ""

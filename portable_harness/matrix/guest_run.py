"""A guest's whole run: one process after another until every test has its outcome.

Where a process dies or hangs, the test in progress gets that outcome and a new process runs the
tests that follow. A process that reached no test ends the run (the next would do the same). A test
that hung is run once more, alone, when all others have ended: both results are reported.
"""

from __future__ import annotations

import dataclasses
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from portable_harness.base.guests import clear
from portable_harness.base.text import clean
from portable_harness.matrix.guests import Guest
from portable_harness.matrix.outcomes import Cell, Column, Outcome
from portable_harness.matrix.process import End, Ended, Limits, TestProcess, Watch
from portable_harness.matrix.record import Transcript

OUTPUT_LINES = 60  # of a process's output, kept with a crash or a hang
MAX_PROCESSES = 25  # for one guest: a suite in which so much crashes is not run to its end
MAX_AGAIN = 3  # tests that are run once more
PYTEST_ARGUMENTS = (
    "-m pytest -p portable_recorder -p no:cacheprovider --continue-on-collection-errors -ra".split()
)
CLOSING = re.compile(r"=+ .*(passed|failed|skipped|error|no tests ran|deselected).* =+$")
USAGE_ERROR, NO_TESTS = 4, 5  # pytest's exit statuses


@dataclass
class Plan:
    """What is run on each guest: pytest's ``selection`` in ``project``, logs under ``folder``."""

    project: Path
    folder: Path
    selection: Sequence[str]
    limits: Limits = field(default_factory=Limits)
    keep_going: bool = True
    requirements: tuple[str, ...] = ()  # words of pip: what the tests need besides pytest


Update = Callable[[str, Transcript], None]


def run_guest(guest: Guest, plan: Plan, stop: threading.Event, update: Update) -> Column:
    """Run ``plan`` on ``guest`` and return its column, whatever happens to its processes."""
    column = Column(guest.name, " ".join(guest.argv))
    transcript = Transcript()
    started = time.monotonic()
    watch = Watch(
        plan.limits, plan.limits.deadline(), stop, lambda transcript: update(guest.name, transcript)
    )
    ended = Ended(End.STOPPED, "interrupted")
    while not stop.is_set():
        column.processes += 1
        done = list(transcript.cells)
        ended, output = _one_process(guest, plan, transcript, watch, column.processes, done)
        column.output, column.closing = str(output), _closing_line(output)
        if not _goes_on(column, transcript, ended, output, plan):
            break
    if not transcript.unreached() and ended.how not in (End.STOPPED, End.OUT_OF_TIME):
        _run_again(guest, plan, transcript, watch, column)
    column.interrupted = stop.is_set()
    _mark_unreached(transcript, ended, column.trouble)
    column.cells, column.files = transcript.cells, transcript.files
    column.facts, column.pace = transcript.facts, transcript.pace
    column.seconds = time.monotonic() - started
    return column


def _one_process(
    guest: Guest, plan: Plan, transcript: Transcript, watch: Watch, number: int, skip: Sequence[str]
) -> tuple[Ended, Path]:
    """Run all tests but those of ``skip``; how that ended, and the file of its output."""
    folder = clear(plan.folder / guest.name / str(number))
    done = folder / "done.txt"
    done.write_text("".join(f"{test}\n" for test in skip), encoding="utf-8")
    transcript.new_process()
    again = Guest(guest.name, guest.argv, {**guest.environment, "PORTABLE_DONE": str(done)})
    process = TestProcess(again, [*PYTEST_ARGUMENTS, *plan.selection], plan.project, folder)
    return process.watch(transcript, watch), process.output


def _goes_on(
    column: Column, transcript: Transcript, ended: Ended, output: Path, plan: Plan
) -> bool:
    """Book how a process ended; whether another one is to run the tests after it."""
    if ended.how is End.FINISHED:
        column.trouble.extend(_pytest_trouble(transcript, output))
        return False
    if ended.how is End.STOPPED:
        return False
    had_a_test = transcript.in_progress is not None
    if had_a_test and ended.how is End.OUT_OF_TIME:
        transcript.close_test(Cell(Outcome.UNREACHED, 0.0, f"cut short: {ended.sentence}"))
    elif had_a_test:
        transcript.close_test(Cell(_outcome(ended), 0.0, ended.sentence, tail(output)))
    else:
        column.trouble.append(f"{ended.sentence}; {_place(transcript)}{_last_line(output)}")
    if ended.how is End.OUT_OF_TIME or not plan.keep_going or not transcript.unreached():
        return False
    return had_a_test and column.processes < MAX_PROCESSES


def _run_again(
    guest: Guest, plan: Plan, transcript: Transcript, watch: Watch, column: Column
) -> None:
    """Run each test that hung alone; its cell has both results, and remains a hang."""
    hung = [test for test, cell in transcript.cells.items() if cell.outcome is Outcome.HANG]
    for test in hung[:MAX_AGAIN]:
        others = [other for other in transcript.collected if other != test]
        alone = Transcript()
        column.processes += 1
        ended, _ = _one_process(guest, plan, alone, watch, column.processes, others)
        if ended.how is End.STOPPED:
            return
        before = transcript.cells[test]
        again = _result(alone.cells.get(test), ended)
        message = f"{before.message}; run once more, alone: {again}"
        transcript.cells[test] = dataclasses.replace(before, message=message)


def _result(cell: Cell | None, ended: Ended) -> str:
    if cell is None:
        return ended.sentence
    return f"{cell.outcome.value} in {cell.seconds:.1f} s"


def _outcome(ended: Ended) -> Outcome:
    return Outcome.CRASH if ended.how is End.CRASHED else Outcome.HANG


def _place(transcript: Transcript) -> str:
    if transcript.finished is not None:
        return "all tests had ended"
    return "between two tests" if transcript.collected else "before the first test"


def _pytest_trouble(transcript: Transcript, output: Path) -> list[str]:
    """What pytest's exit status says that no test's outcome does (an internal error)."""
    status = transcript.finished
    internal = status not in (0, 1, 2, USAGE_ERROR, NO_TESTS)
    if status == USAGE_ERROR or internal:
        return [f"pytest ended with {status}{_last_line(output)}"]
    if transcript.unreached():
        return [f"pytest stopped early, with {status}{_last_line(output)}"]
    return []


def _mark_unreached(transcript: Transcript, ended: Ended, trouble: list[str]) -> None:
    if transcript.in_progress is not None:
        transcript.close_test(Cell(Outcome.UNREACHED, 0.0, "interrupted"))
    for test in transcript.unreached():
        transcript.cells[test] = Cell(Outcome.UNREACHED, 0.0, f"not run: {ended.sentence}")
    number = sum(cell.outcome is Outcome.UNREACHED for cell in transcript.cells.values())
    if number and ended.how is not End.STOPPED:
        trouble.append(f"{number} of its tests were not reached: {ended.sentence}")


def tail(output: Path, lines: int = OUTPUT_LINES) -> str:
    """The last lines of a process's output."""
    text = clean(output.read_text(encoding="utf-8", errors="replace"))
    return "\n".join(text.splitlines()[-lines:])


def _closing_line(output: Path) -> str:
    """The line "=== 12 passed in 3.4 s ===" of pytest; none where it was not printed."""
    closing = [line for line in tail(output, 5).splitlines() if CLOSING.match(line)]
    return closing[-1] if closing else ""


def _last_line(output: Path) -> str:
    said = [line.strip() for line in tail(output).splitlines() if line.strip()]
    return f"; it said last: {said[-1]}" if said else ""

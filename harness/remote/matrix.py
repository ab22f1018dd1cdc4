"""``matrix --on``: the columns of other hosts, each made of what was heard of it."""

from __future__ import annotations

import datetime
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from harness.errors import Problem
from harness.interpreters import Absent
from harness.matrix.choice import AT_LEAST
from harness.matrix.guests import TREE
from harness.matrix.merge import Matrix, merge
from harness.matrix.outcomes import Cell, Column, Outcome
from harness.matrix.progress import Reporter, reporter
from harness.matrix.record import Transcript
from harness.matrix.run import run_all
from harness.remote import parts
from harness.remote.host import Event, Lost
from harness.remote.matrix_wire import cells_from, column_from
from harness.remote.reach import Reached, Request, reach


def measure(console: Console, selection: Sequence[str], options: dict[str, Any]) -> Matrix:
    """Run the tests on all hosts; the merged table, with what an interruption left of it."""
    project: Path = options["project"]
    more = None if project == TREE else parts.folder("project", project)
    request = Request(
        options["on"], options["ssh_config"], options["interpreters"], ",".join(AT_LEAST), more
    )
    job = {
        "kind": "matrix", "selection": list(selection), "jobs": options["jobs"],
        "timeout": options["timeout"], "test_timeout": options["test_timeout"],
        "keep_going": options["keep_going"], "project": more.name if more else None,
    }  # fmt: skip
    started, begin = datetime.datetime.now(datetime.timezone.utc), time.monotonic()
    with reach(console, request) as reached:
        names = [one.at(found.name) for one in reached for found in one.present]
        console.print(f"The tests of {project.name} on {len(names)} interpreters of other hosts")
        with reporter(console, names) as progress:
            tasks = [_task(one, request, job, progress) for one in reached]
            columns, interrupted = run_all(tasks, len(tasks))
    return merge(
        [column for of_host in columns for column in of_host],
        interrupted,
        project=project.name,
        folder=str(project),
        on=options["on"],
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - begin, 3),
    )


def _task(
    one: Reached, request: Request, job: Event, progress: Reporter
) -> Callable[[threading.Event], list[Column]]:
    if one.lost:
        lost = [Column(one.at(name), lost=one.lost) for name in request.wanted()]
        return lambda stop: lost
    return lambda stop: _Heard(one, progress).run(job, stop)


class _Heard:
    """What is heard of one host's interpreters while it is there."""

    def __init__(self, reached: Reached, progress: Reporter) -> None:
        self._reached, self._progress = reached, progress
        self._begin = time.monotonic()
        self._done: dict[str, Column] = {}
        self._transcripts = {one.name: Transcript() for one in reached.present}

    def run(self, job: Event, stop: threading.Event) -> list[Column]:
        """Do the job there; a column for each interpreter, whatever happens to the host."""
        lost = ""
        try:
            if self._transcripts and not stop.is_set():
                for event in self._reached.host.ask(job, stop):
                    self._take(event)
        except Lost as error:
            lost = str(error)
        except Problem as problem:
            lost = problem.message
        return [self._column(one, lost, stop.is_set()) for one in self._reached.chosen]

    def _take(self, event: Event) -> None:
        name, at = event["name"], self._reached.at(event["name"])
        if event["kind"] == "say":
            self._progress.say(at, event["text"])
        elif event["kind"] == "news":
            transcript = self._transcripts[name]
            transcript.collected += event["collected"]
            transcript.cells.update(cells_from(event["cells"]))
            transcript.files = cells_from(event["files"])
            transcript.facts, transcript.in_progress = event["facts"], event["in_progress"]
            self._progress.news(at, transcript)
        elif event["kind"] == "done" and name not in self._done:
            column = column_from({**event["column"], "name": at})
            column.output = f"{self._reached.name}:{column.output}" if column.output else ""
            self._done[name] = column
            self._progress.done(column)

    def _column(self, one: Any, lost: str, stopped: bool) -> Column:
        at = self._reached.at(one.name)
        if isinstance(one, Absent):
            return Column(at, absent=f"{one.reason}; on {self._reached.name} try: {one.remedy}")
        if one.name in self._done:
            return self._done[one.name]
        transcript = self._transcripts[one.name]
        column = Column(at, " ".join(one.command), transcript.facts, transcript.cells)
        column.files, column.seconds = transcript.files, time.monotonic() - self._begin
        column.interrupted = stopped
        column.lost = "" if stopped else lost or "nothing was heard of it"
        outcome = Outcome.UNREACHED if stopped else Outcome.LOST
        for test in transcript.unreached():
            column.cells[test] = Cell(outcome, 0.0, column.lost or "interrupted")
        self._progress.done(column)
        return column

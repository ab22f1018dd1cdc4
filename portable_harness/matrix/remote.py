"""``matrix --on``: `measure` here; `run` on each host, which reports test by test.

Each column is made here of what its host reported until it was done, or lost.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from portable_harness.base.tasks import run_all
from portable_harness.base.tree import TREE
from portable_harness.matrix import provide
from portable_harness.matrix.choice import AT_LEAST
from portable_harness.matrix.guest_run import Plan
from portable_harness.matrix.merge import Matrix, merge
from portable_harness.matrix.options import MatrixOptions
from portable_harness.matrix.outcomes import Cell, Column, Outcome
from portable_harness.matrix.process import Limits
from portable_harness.matrix.progress import Reporter, reporter
from portable_harness.matrix.record import Transcript
from portable_harness.remote import payload
from portable_harness.remote.agent import path_of
from portable_harness.remote.columns import ColumnCollector, collect_columns
from portable_harness.remote.host import Event
from portable_harness.remote.hosts import ConnectedHost, Request, connect_all
from portable_harness.remote.jobs import EventReporter, Job, JobContext, Send

# Fields of a column that are JSON already.
PLAIN = ("name", "command", "trouble", "absent", "seconds", "processes", "interrupted", "output",
         "closing", "pace")  # fmt: skip


def measure(console: Console, selection: Sequence[str], options: MatrixOptions) -> Matrix:
    """Run the tests on all hosts; the merged table, with what an interruption left of it."""
    assert options.on is not None
    project: Path = options.project
    more = None if project == TREE else payload.folder("project", project)
    request = Request(
        options.on, options.ssh_config, options.interpreters, ",".join(AT_LEAST), more
    )
    job = {
        "kind": "matrix", "selection": list(selection), "jobs": options.jobs,
        "time_limit": options.time_limit, "test_time_limit": options.test_time_limit,
        "keep_going": options.keep_going, "project": more.name if more else None,
    }  # fmt: skip
    started, begin = datetime.datetime.now(datetime.timezone.utc), time.monotonic()
    with connect_all(console, request) as reached:
        names = [host.at(found.name) for host in reached for found in host.present]
        console.print(f"The tests of {project.name} on {len(names)} interpreters of other hosts")
        with reporter(console, names) as progress:
            collectors = [_Collector(host, progress) for host in reached]
            found, interrupted = collect_columns(collectors, request, job)
    return merge(
        found,
        interrupted,
        project=project.name,
        folder=str(project),
        on=options.on,
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - begin, 3),
    )


class _Collector(ColumnCollector[Column]):
    """The columns of one host's interpreters."""

    def __init__(self, host: ConnectedHost, progress: Reporter) -> None:
        super().__init__(host, Column)
        self._progress = progress
        self._done: dict[str, Column] = {}
        self._transcripts = {interpreter.name: Transcript() for interpreter in host.present}
        self._commands = {
            interpreter.name: " ".join(interpreter.command) for interpreter in host.present
        }

    def on_event(self, name: str, at: str, event: Event) -> None:
        if event["kind"] == "say":
            self._progress.say(at, event["text"])
        elif event["kind"] == "update":
            transcript = self._transcripts[name]
            transcript.collected += event["collected"]
            transcript.cells.update(cells_from(event["cells"]))
            transcript.files = cells_from(event["files"])
            transcript.facts, transcript.in_progress = event["facts"], event["in_progress"]
            self._progress.update(at, transcript)
        elif event["kind"] == "done" and name not in self._done:
            column = column_from({**event["column"], "name": at})
            column.output = f"{self.host.name}:{column.output}" if column.output else ""
            self._done[name] = column
            self._progress.done(column)

    def result(self, name: str, at: str, lost: str, stopped: bool) -> Column:
        if name in self._done:
            return self._done[name]
        transcript = self._transcripts[name]
        column = Column(at, self._commands[name], transcript.facts, transcript.cells)
        column.files, column.seconds = transcript.files, self.seconds
        column.interrupted, column.lost = stopped, lost
        outcome = Outcome.UNREACHED if stopped else Outcome.LOST
        for test in transcript.unreached():
            column.cells[test] = Cell(outcome, 0.0, lost or "interrupted")
        self._progress.done(column)
        return column


class CellReporter(EventReporter):
    """Sends the results of tests, each once."""

    def __init__(self, send: Send) -> None:
        super().__init__(send)
        self._told: dict[str, tuple[int, int]] = {}

    def update(self, name: str, transcript: Transcript) -> None:
        """What has been added since the last time; tests and cells are never taken back."""
        collected, cells = self._told.get(name, (0, 0))
        new = dict(list(transcript.cells.items())[cells:])
        self._told[name] = len(transcript.collected), len(transcript.cells)
        self.send({
            "kind": "update", "name": name, "facts": dict(transcript.facts),
            "collected": transcript.collected[collected:], "cells": cells_to(new),
            "files": cells_to(transcript.files), "in_progress": transcript.in_progress,
        })  # fmt: skip

    def done(self, column: Column) -> None:
        self.send({"kind": "done", "name": column.name, "column": column_to(column)})


def run(context: JobContext, job: Job) -> None:
    """On a host: run the tests on its interpreters and report cell by cell."""
    project = Path(path_of(job["project"])) if job["project"] else TREE
    limits = Limits(job["time_limit"], job["test_time_limit"])
    plan = Plan(project, provide.new_run(), job["selection"], limits, job["keep_going"])
    reporting = CellReporter(context.send)
    found, _ = run_all(
        [provide.task(interpreter, plan, reporting) for interpreter in context.chosen.values()],
        job["jobs"],
    )
    for column in found:  # again: one that had not begun when it was stopped was not sent
        reporting.done(column)


def cell_to(cell: Cell) -> list[Any]:
    return [cell.outcome.value, cell.seconds, cell.message, cell.detail]


def cell_from(fields: list[Any]) -> Cell:
    return Cell(Outcome(fields[0]), *fields[1:])


def cells_to(cells: dict[str, Cell]) -> dict[str, list[Any]]:
    return {name: cell_to(cell) for name, cell in cells.items()}


def cells_from(fields: dict[str, list[Any]]) -> dict[str, Cell]:
    return {name: cell_from(cell) for name, cell in fields.items()}


def column_to(column: Column) -> dict[str, Any]:
    plain = {name: getattr(column, name) for name in PLAIN}
    cells = {"cells": cells_to(column.cells), "files": cells_to(column.files)}
    return {**plain, **cells, "facts": dict(column.facts)}


def column_from(fields: dict[str, Any]) -> Column:
    cells = {"cells": cells_from(fields["cells"]), "files": cells_from(fields["files"])}
    return Column(**{**fields, **cells})

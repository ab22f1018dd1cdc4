"""``matrix --on``: the columns of other hosts, each made of what was heard of it."""

from __future__ import annotations

import datetime
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from portable_harness.base.tree import TREE
from portable_harness.matrix.choice import AT_LEAST
from portable_harness.matrix.merge import Matrix, merge
from portable_harness.matrix.outcomes import Cell, Column, Outcome
from portable_harness.matrix.progress import Reporter, reporter
from portable_harness.matrix.record import Transcript
from portable_harness.remote import parts
from portable_harness.remote.heard import Heard, columns
from portable_harness.remote.host import Event
from portable_harness.remote.matrix_wire import cells_from, column_from
from portable_harness.remote.reach import Reached, Request, reach


def measure(console: Console, selection: Sequence[str], options: dict[str, Any]) -> Matrix:
    """Run the tests on all hosts; the merged table, with what an interruption left of it."""
    project: Path = options["project"]
    more = None if project == TREE else parts.folder("project", project)
    request = Request(
        options["on"], options["ssh_config"], options["interpreters"], ",".join(AT_LEAST), more
    )
    job = {
        "kind": "matrix", "selection": list(selection), "jobs": options["jobs"],
        "time_limit": options["time_limit"], "test_time_limit": options["test_time_limit"],
        "keep_going": options["keep_going"], "project": more.name if more else None,
    }  # fmt: skip
    started, begin = datetime.datetime.now(datetime.timezone.utc), time.monotonic()
    with reach(console, request) as reached:
        names = [one.at(found.name) for one in reached for found in one.present]
        console.print(f"The tests of {project.name} on {len(names)} interpreters of other hosts")
        with reporter(console, names) as progress:
            heard = [_Heard(one, progress) for one in reached]
            found, interrupted = columns(heard, request, job)
    return merge(
        found,
        interrupted,
        project=project.name,
        folder=str(project),
        on=options["on"],
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - begin, 3),
    )


class _Heard(Heard[Column]):
    """What is heard of one host's interpreters while it is there."""

    def __init__(self, reached: Reached, progress: Reporter) -> None:
        super().__init__(reached, Column)
        self._progress = progress
        self._done: dict[str, Column] = {}
        self._transcripts = {one.name: Transcript() for one in reached.present}
        self._commands = {one.name: " ".join(one.command) for one in reached.present}

    def take(self, name: str, at: str, event: Event) -> None:
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
            column.output = f"{self.reached.name}:{column.output}" if column.output else ""
            self._done[name] = column
            self._progress.done(column)

    def column(self, name: str, at: str, lost: str, stopped: bool) -> Column:
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

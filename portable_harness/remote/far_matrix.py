"""The job ``matrix``: the tests on the interpreters of this host, told cell by cell."""

from __future__ import annotations

from pathlib import Path

from portable_harness.base.tasks import run_all
from portable_harness.base.tree import TREE
from portable_harness.matrix import provide
from portable_harness.matrix.guest_run import Plan
from portable_harness.matrix.outcomes import Column
from portable_harness.matrix.process import Limits
from portable_harness.matrix.record import Transcript
from portable_harness.remote.far import Far, Job, Send
from portable_harness.remote.keeper import path_of
from portable_harness.remote.matrix_wire import cells_to, column_to
from portable_harness.remote.teller import Teller


class CellTeller(Teller):
    """Tells of tests; those that were told are not told again."""

    def __init__(self, send: Send) -> None:
        super().__init__(send)
        self._told: dict[str, tuple[int, int]] = {}

    def news(self, name: str, transcript: Transcript) -> None:
        """What has been added since the last time; tests and cells are never taken back."""
        collected, cells = self._told.get(name, (0, 0))
        new = dict(list(transcript.cells.items())[cells:])
        self._told[name] = len(transcript.collected), len(transcript.cells)
        self.send({
            "kind": "news", "name": name, "facts": dict(transcript.facts),
            "collected": transcript.collected[collected:], "cells": cells_to(new),
            "files": cells_to(transcript.files), "in_progress": transcript.in_progress,
        })  # fmt: skip

    def done(self, column: Column) -> None:
        self.send({"kind": "done", "name": column.name, "column": column_to(column)})


def run(far: Far, job: Job) -> None:
    project = Path(path_of(job["project"])) if job["project"] else TREE
    limits = Limits(job["timeout"], job["test_timeout"])
    plan = Plan(project, provide.new_run(), job["selection"], limits, job["keep_going"])
    teller = CellTeller(far.send)
    columns, _ = run_all(
        [provide.task(one, plan, teller) for one in far.chosen.values()], job["jobs"]
    )
    for column in columns:  # again: one that had not begun when it was stopped was not told
        teller.done(column)

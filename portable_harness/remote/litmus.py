"""``litmus --on``: the columns of other hosts, each made of what was heard of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from rich.console import Console

from portable_harness.base.errors import Problem
from portable_harness.litmus.progress import Reporter, reporter
from portable_harness.litmus.results import Case, Column, Table
from portable_harness.litmus.run import Told, Work, now, table
from portable_harness.litmus.transcript import Transcript
from portable_harness.remote import parts
from portable_harness.remote.heard import Heard, columns
from portable_harness.remote.host import Event
from portable_harness.remote.litmus_wire import cases_from, column_from, results_from, work_to
from portable_harness.remote.reach import Reached, Request, reach


def measure(console: Console, work: Work, options: dict[str, Any]) -> Table:
    """Race on all hosts; the table, with what an interruption left of it."""
    more = _package(work, options["package"])
    request = Request(options["on"], options["ssh_config"], options["interpreters"], more=more)
    job = {
        "kind": "litmus", "work": work_to(work), "jobs": options["jobs"],
        "project": more.name if more else None,
    }  # fmt: skip
    started, begin = now(), time.monotonic()
    with reach(console, request) as reached:
        names = [one.at(found.name) for one in reached for found in one.present]
        console.print(work.sentence(f"{len(names)} interpreters of other hosts", options["jobs"]))
        with reporter(console, names) as progress:
            heard = [_Heard(one, work, progress) for one in reached]
            told, interrupted = columns(heard, request, job)
    return table(work, told, interrupted, started=started, begin=begin)


def _package(work: Work, package: str | None) -> parts.Part | None:
    """The folder with the user's own cases.

    :raises Problem: where it is in no folder
    """
    if package is None:
        return None
    top = package.partition(".")[0]
    for folder in map(Path, work.plan.folders):
        if (folder / top).is_dir() or (folder / f"{top}.py").is_file():
            return parts.folder("project", folder)
    raise Problem(f"{top} is in no folder that could be sent", "go to its folder, or PYTHONPATH")


def _made(name: str, **why: str) -> Told:
    return Column(name, **why), {}  # type: ignore[arg-type]  # absent or lost


class _Heard(Heard[Told]):
    """What is heard of one host's interpreters while it is there."""

    def __init__(self, reached: Reached, work: Work, progress: Reporter) -> None:
        super().__init__(reached, _made)
        self._progress, self._work = progress, work
        self._done: dict[str, Column] = {}
        self._transcripts = {one.name: self._begun(one.name) for one in reached.present}

    def _begun(self, name: str) -> Transcript:
        transcript = Transcript(Column(self.reached.at(name)), self._work.plan.package)
        transcript.expected = [one.name for one in self._work.cases]
        return transcript

    def take(self, name: str, at: str, event: Event) -> None:
        if event["kind"] == "say":
            self._progress.say(at, event["text"])
        elif event["kind"] == "news":
            transcript = self._transcripts[name]
            _add(transcript, event)
            self._progress.news(at, transcript)
        elif event["kind"] == "done":
            self._done[name] = column_from({**event["column"], "name": at})
            self._progress.done(self._done[name])

    def column(self, name: str, at: str, lost: str, stopped: bool) -> Told:
        transcript = self._transcripts[name]
        column = self._done.get(name)
        if column is None:
            column = transcript.column
            all_cases: list[Case] = [*self._work.cases, *self._work.recorded]
            transcript.mark_unreached([case.name for case in all_cases], lost or "interrupted")
            column.interrupted, column.lost, column.seconds = stopped, lost, self.seconds
            self._progress.done(column)
        return column, transcript.cases


def _add(transcript: Transcript, event: Event) -> None:
    column = transcript.column
    column.facts, column.trouble = event["facts"], event["trouble"]
    column.results.update(results_from(event["results"]))
    transcript.cases.update(cases_from(event["cases"]))
    transcript.last, transcript.done = event["last"], event["done"]
    transcript.racing = event["racing"]

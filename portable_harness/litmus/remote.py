"""``litmus --on``: `measure` here; `run` on each host, which reports case by case.

Each column is made here of what its host reported until it was done, or lost.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

from rich.console import Console

from portable_harness.base.errors import Problem
from portable_harness.litmus import run as races
from portable_harness.litmus.options import LitmusOptions
from portable_harness.litmus.progress import Reporter, reporter
from portable_harness.litmus.results import Case, Column, Table
from portable_harness.litmus.run import Measured, Work, now, table
from portable_harness.litmus.transcript import Transcript
from portable_harness.litmus.wire import (
    cases_from,
    cases_to,
    column_from,
    column_to,
    result_to,
    results_from,
    work_from,
    work_to,
)
from portable_harness.remote import payload
from portable_harness.remote.agent import path_of
from portable_harness.remote.columns import ColumnCollector, collect_columns
from portable_harness.remote.host import Event
from portable_harness.remote.hosts import ConnectedHost, Request, connect_all
from portable_harness.remote.jobs import EventReporter, Job, JobContext, Send

PAUSE = 1.0  # seconds between two messages that only tell of more rounds


def measure(console: Console, work: Work, options: LitmusOptions) -> Table:
    """Race on all hosts; the table, with what an interruption left of it."""
    assert options.on is not None
    more = _package(work, options.package)
    request = Request(options.on, options.ssh_config, options.interpreters, more=more)
    job = {
        "kind": "litmus", "work": work_to(work), "jobs": options.jobs,
        "project": more.name if more else None,
    }  # fmt: skip
    started, begin = now(), time.monotonic()
    with connect_all(console, request) as reached:
        names = [host.at(found.name) for host in reached for found in host.present]
        console.print(work.sentence(f"{len(names)} interpreters of other hosts", options.jobs))
        with reporter(console, names) as progress:
            collectors = [_Collector(host, work, progress) for host in reached]
            columns, interrupted = collect_columns(collectors, request, job)
    return table(work, columns, interrupted, started=started, begin=begin)


def _package(work: Work, package: str | None) -> payload.Archive | None:
    """The folder with the user's own cases.

    :raises Problem: where it is in no folder
    """
    if package is None:
        return None
    top = package.partition(".")[0]
    for folder in map(Path, work.plan.folders):
        if (folder / top).is_dir() or (folder / f"{top}.py").is_file():
            return payload.folder("project", folder)
    raise Problem(f"{top} is in no folder that could be sent", "go to its folder, or PYTHONPATH")


def _made(name: str, **why: str) -> Measured:
    return Column(name, **why), {}  # type: ignore[arg-type]  # absent or lost


class _Collector(ColumnCollector[Measured]):
    """The columns of one host's interpreters."""

    def __init__(self, host: ConnectedHost, work: Work, progress: Reporter) -> None:
        super().__init__(host, _made)
        self._progress, self._work = progress, work
        self._done: dict[str, Column] = {}
        self._transcripts = {
            interpreter.name: self._begun(interpreter.name) for interpreter in host.present
        }

    def _begun(self, name: str) -> Transcript:
        transcript = Transcript(Column(self.host.at(name)), self._work.plan.package)
        transcript.expected = [case.name for case in self._work.cases]
        return transcript

    def on_event(self, name: str, at: str, event: Event) -> None:
        if event["kind"] == "say":
            self._progress.say(at, event["text"])
        elif event["kind"] == "update":
            transcript = self._transcripts[name]
            _add(transcript, event)
            self._progress.update(at, transcript)
        elif event["kind"] == "done":
            self._done[name] = column_from({**event["column"], "name": at})
            self._progress.done(self._done[name])

    def result(self, name: str, at: str, lost: str, stopped: bool) -> Measured:
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


class CaseReporter(EventReporter):
    """Tells of cases: what has become different since the last time."""

    def __init__(self, send: Send) -> None:
        super().__init__(send)
        self._told: dict[tuple[str, str], str] = {}
        self._seen: dict[str, tuple[str | None, int]] = {}
        self._next: dict[str, float] = {}

    def update(self, name: str, transcript: Transcript) -> None:
        state = transcript.last, transcript.done
        if self._seen.get(name) == state and time.monotonic() < self._next[name]:
            return
        self._seen[name], self._next[name] = state, time.monotonic() + PAUSE
        column = transcript.column
        results = {case: result_to(result) for case, result in column.results.items()}
        self.send({
            "kind": "update", "name": name, "facts": dict(column.facts), "trouble": column.trouble,
            "cases": {case: detail for case, detail in cases_to(transcript.cases).items()
                      if self._is_new(name, case, detail)},
            "results": {case: detail for case, detail in results.items()
                        if self._is_new(name, f"result of {case}", detail)},
            "last": transcript.last, "done": transcript.done, "racing": transcript.racing,
        })  # fmt: skip

    def _is_new(self, name: str, what: str, detail: object) -> bool:
        text = json.dumps(detail)
        before, self._told[name, what] = self._told.get((name, what)), text
        return text != before

    def done(self, column: Column) -> None:
        self.send({"kind": "done", "name": column.name, "column": column_to(column)})


def run(context: JobContext, job: Job) -> None:
    """On a host: race on its interpreters and report case by case."""
    folders = (path_of(job["project"]),) if job["project"] else ()
    work = work_from(job["work"], folders)
    races.measure(work, list(context.chosen.values()), job["jobs"], CaseReporter(context.send))

"""The job ``litmus``: races on the interpreters of this host, told case by case."""

from __future__ import annotations

import json
import time

from portable_harness.litmus.results import Column
from portable_harness.litmus.run import measure
from portable_harness.litmus.transcript import Transcript
from portable_harness.remote.far import Far, Job, Send
from portable_harness.remote.keeper import path_of
from portable_harness.remote.litmus_wire import cases_to, column_to, result_to, work_from
from portable_harness.remote.teller import Teller

PAUSE = 1.0  # seconds between two messages that only tell of more rounds


class CaseTeller(Teller):
    """Tells of cases: what has become different since the last time."""

    def __init__(self, send: Send) -> None:
        super().__init__(send)
        self._told: dict[tuple[str, str], str] = {}
        self._seen: dict[str, tuple[str | None, int]] = {}
        self._next: dict[str, float] = {}

    def news(self, name: str, transcript: Transcript) -> None:
        state = transcript.last, transcript.done
        if self._seen.get(name) == state and time.monotonic() < self._next[name]:
            return
        self._seen[name], self._next[name] = state, time.monotonic() + PAUSE
        column = transcript.column
        results = {case: result_to(one) for case, one in column.results.items()}
        self.send({
            "kind": "news", "name": name, "facts": dict(column.facts), "trouble": column.trouble,
            "cases": {case: told for case, told in cases_to(transcript.cases).items()
                      if self._is_new(name, case, told)},
            "results": {case: told for case, told in results.items()
                        if self._is_new(name, f"result of {case}", told)},
            "last": transcript.last, "done": transcript.done, "racing": transcript.racing,
        })  # fmt: skip

    def _is_new(self, name: str, what: str, told: object) -> bool:
        text = json.dumps(told)
        before, self._told[name, what] = self._told.get((name, what)), text
        return text != before

    def done(self, column: Column) -> None:
        self.send({"kind": "done", "name": column.name, "column": column_to(column)})


def run(far: Far, job: Job) -> None:
    folders = (path_of(job["project"]),) if job["project"] else ()
    work = work_from(job["work"], folders)
    measure(work, list(far.chosen.values()), job["jobs"], CaseTeller(far.send))

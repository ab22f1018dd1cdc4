"""The checks of a module: they run on the guest, and tell their results through a file.

`on_guest/run_checks.py` does them one after the other. Where one crashes the interpreter or does
not end, a new process goes on behind it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from portable_harness.base.processes import describe
from portable_harness.base.tree import on_guest
from portable_harness.exercise.catalogue import Limits
from portable_harness.exercise.job import (
    Job,
    environment,
    has_lock_rules,
    lock_result,
    tests_text,
)
from portable_harness.exercise.model import Check, Result, Status
from portable_harness.exercise.program import Program

LOOK = 0.05  # seconds between two looks at the file
MOST_CHECKS = 60
START_LIMIT = 60.0  # seconds until the first news
SPARE = 10.0  # seconds beyond a check's limit, which the guest keeps itself
LOADS = Check("loads", "the module can be imported", "Read the traceback below, or run the file.")
Event = dict[str, Any]


def run(job: Job, work: Path) -> Iterator[Result]:
    """Each result as soon as it is told."""
    done: list[str] = []
    reports: list[Event] = []
    rest = True
    while rest:
        before = len(done)
        guest = _Guest(job, work, done, reports)
        try:
            yield from guest.results()
        finally:
            guest.program.close()
        rest = not guest.finished and len(done) > before
    if has_lock_rules(job):
        yield lock_result(job, reports)


class _Guest:
    """One process with checks, until it ends or must."""

    def __init__(self, job: Job, work: Path, done: list[str], reports: list[Event]) -> None:
        self._job, self._done, self._reports = job, done, reports
        self._channel = work / f"channel-{len(done)}.jsonl"
        self._current: Check | None = None
        self.finished = False
        rules = job.exercise.lock_rules
        tests = work / "tests.py"
        tests.write_text(tests_text(job.exercise, job.words), encoding="utf-8")
        settings = work / f"settings-{len(done)}.json"
        values = {
            "channel": str(self._channel), "tests": str(tests), "work": str(work),
            "seed": job.seed, "limit": job.exercise.limits.seconds, "skip": done,
            "hold_limit": rules.hold_limit if rules else None, "only": list(job.checks),
        }  # fmt: skip
        settings.write_text(json.dumps(values), encoding="utf-8")
        self.program = Program(
            [*job.command, str(on_guest("exercise") / "run_checks.py")],
            work, environment(work), _of_all_checks(job), job.uid,
        )  # fmt: skip
        self.program.arguments(str(settings))
        self.program.begin()

    def results(self) -> Iterator[Result]:
        """What it tells, then what its end tells."""
        for event in self._events():
            result = self._result(event)
            if result is not None:
                result.not_limited = self.program.lacks
                self._done.append(result.check)
                yield result
        if self.finished:
            return
        self.program.stop()
        if self._current is not None or not self._done:
            check = self._current or LOADS
            self._done.append(check.name)
            yield Result.of(
                check, Status.FAILED, came=self._end, due="an end of the check, not of the process",
                output=self.program.output,
            )  # fmt: skip

    def _events(self) -> Iterator[Event]:
        """Each event as it comes, until the process has ended or is silent for too long."""
        last, limit, position = time.monotonic(), START_LIMIT, 0
        self._end = ""
        while True:
            status = self.program.wait(LOOK)
            news, position = _news(self._channel, position)
            if news:
                last, limit = time.monotonic(), self._job.exercise.limits.seconds + SPARE
            yield from news
            if status is not None:
                used = self.program.verdict or self.program.refused
                self._end = f"it was ended: it {used}" if used else describe(status)
                return
            if time.monotonic() - last > limit:
                self._end = f"it said nothing within {limit:g} s"
                return

    def _result(self, event: Event) -> Result | None:
        kind = event.get("event")
        if kind == "begin":
            self._current = Check(event["check"], event["promise"], event["advice"])
        elif kind == "report":
            self._reports.append(event)
        elif kind == "end":
            self.finished = True
        elif kind == "not loaded":
            self.finished = True
            told = {"came": event["came"], "due": "no exception", "output": event["text"]}
            return Result.of(LOADS, Status.FAILED, sent="import", **told)
        elif kind == "done" and self._current is not None:
            check, self._current = self._current, None
            keys = ("seconds", "sent", "came", "due")
            told = {key: event[key] for key in keys if key in event}
            text = event.get("text", "")
            return Result.of(check, Status(event["status"]), output=text, **told)
        return None


def _of_all_checks(job: Job) -> Limits:
    """One process does all checks: the limit of a check is kept beside it."""
    return replace(job.exercise.limits, seconds=job.exercise.limits.seconds * MOST_CHECKS)


def _news(channel: Path, position: int) -> tuple[list[Event], int]:
    """The events behind a position of the file, and where the next begin."""
    try:
        with channel.open("rb") as stream:
            stream.seek(position)
            data = stream.read()
    except OSError:
        return [], position
    whole = data[: data.rfind(b"\n") + 1]
    events = []
    for line in whole.splitlines():
        event = json.loads(line)
        if isinstance(event, dict):
            events.append(event)
    return events, position + len(whole)

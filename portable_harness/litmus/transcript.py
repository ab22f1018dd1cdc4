"""What one interpreter's children say becomes results; one transcript goes on over all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portable_harness.base.text import clean
from portable_harness.litmus.catalogue import case_of
from portable_harness.litmus.results import (
    CRASH,
    FORBIDDEN,
    FORCED,
    HANG,
    STRESSED,
    Case,
    Column,
    Result,
)

Event = Mapping[str, Any]


class Transcript:
    """Takes events into ``column``.

    ``cases`` are all cases that were begun, by name; ``in_progress`` is the event ``start`` of the
    case that has begun and not ended; ``last`` the name of the one that began last, in this
    repetition; ``racing`` what a progress line shows: rounds so far.
    """

    def __init__(self, column: Column, package: str) -> None:
        self.column = column
        self.cases: dict[str, Case] = {}
        self.in_progress: Event | None = None
        self.last: str | None = None
        self.done = 0
        self.racing = 0
        self.repetition = 0
        self.expected: list[str] = []
        self._package = package

    def new_repetition(self, number: int) -> None:
        """All cases are to come once more."""
        self.repetition, self.last, self.in_progress = number, None, None

    def take(self, event: Event) -> None:
        """Take one event; a kind that is unknown says nothing to us."""
        handler = getattr(self, f"_take_{event['event']}", None)
        if handler is not None:
            handler(event)

    def _take_interpreter(self, event: Event) -> None:
        self.column.facts = {k: v for k, v in event.items() if k not in ("event", "cases")}
        self.expected = self.expected or list(event.get("cases", ()))

    def _take_gil(self, event: Event) -> None:
        """How it is at the end: an import may have brought the GIL back."""
        self.column.facts = {**self.column.facts, **{k: event[k] for k in event if k != "event"}}

    def _take_start(self, event: Event) -> None:
        self.in_progress, self.last, self.racing = event, event["case"], 0
        self.cases[event["case"]] = case_of(dict(event), self._package)
        self.column.result(event["case"]).due = event.get("due")

    def _take_progress(self, event: Event) -> None:
        self.racing = event["rounds"]

    def _take_stressed(self, event: Event) -> None:
        self._book(event)
        self._close()

    def _take_forced(self, event: Event) -> None:
        self._book(event)
        self._close()

    def _take_hang(self, event: Event) -> None:
        self._book(event)
        self.close_with(HANG, event.get("stacks", ""))

    def _take_error(self, event: Event) -> None:
        result = self.column.result(event["case"])
        result.error = clean(event["message"])
        result.details["error"] = clean(event.get("traceback") or event["message"])
        self._close()

    def _book(self, event: Event) -> None:
        result = self.column.result(event["case"])
        seen = event.get("outcomes") or {}
        for outcome, count in seen.items():
            result.outcomes[clean(outcome)] += count
        result.grades.update((clean(k), v) for k, v in (event.get("grades") or {}).items())
        for outcome, text in (event.get("tracebacks") or {}).items():
            result.details.setdefault(clean(outcome), clean(text))
        result.rounds += event.get("rounds") or 0
        result.seconds += event.get("seconds") or 0.0
        now = any(result.grades.get(clean(outcome)) == FORBIDDEN for outcome in seen)
        self._judge(result, now)

    def _judge(self, result: Result, is_forbidden: bool) -> None:
        before = result.failed.get(self.repetition, False)
        result.failed[self.repetition] = before or is_forbidden

    def close_with(self, outcome: str, detail: str) -> None:
        """CRASH or HANG is the outcome of the case in progress, with its grade in its table."""
        assert self.in_progress is not None
        result = self.column.result(self.in_progress["case"])
        result.outcomes[outcome] += 1
        grade = self.in_progress.get("crash" if outcome == CRASH else "hang", FORBIDDEN)
        result.grades[outcome] = grade
        result.details.setdefault(outcome, clean(detail))
        self._judge(result, grade == FORBIDDEN)
        if self.in_progress["kind"] in (FORCED, STRESSED):
            result.rounds += 1
        self._close()

    def _close(self) -> None:
        if self.in_progress is not None:
            self.done += 1
        self.in_progress = None

    def mark_unreached(self, names: list[str], why: str) -> None:
        """Cases without any event are not fine: say why they were not run."""
        for name in names:
            result = self.column.result(name)
            if not sum(result.outcomes.values()) and not result.error:
                result.error = f"not run: {why}"

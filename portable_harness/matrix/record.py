"""Reads the record that ``on_guest/portable_recorder.py`` writes, while it is being written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portable_harness.base.reading import decoded
from portable_harness.matrix.outcomes import Cell, Outcome, skipped

Event = Mapping[str, Any]


class Transcript:
    """What one guest has reported so far; one transcript goes on over several processes.

    ``cells`` holds the tests that ended, ``collected`` every test there is, in the guest's order,
    ``files`` what could not be collected (an error) or was skipped as a whole, ``in_progress``
    the test that has begun and not ended, ``finished`` pytest's exit status once it has one.
    ``pace`` is how many times slower than an idle machine the guest found this one.
    """

    def __init__(self) -> None:
        self.collected: list[str] = []
        self.cells: dict[str, Cell] = {}
        self.files: dict[str, Cell] = {}
        self.facts: Mapping[str, Any] = {}
        self.pace = 1.0
        self.in_progress: str | None = None
        self.finished: int | None = None
        self._phases: list[Event] = []
        self._partial = b""

    def new_process(self) -> None:
        """Forget what belongs to one process: called before the next one starts."""
        self.in_progress = self.finished = None
        self._phases = []
        self._partial = b""

    def feed(self, data: bytes) -> None:
        """Take the next bytes of the record; an incomplete line waits for its rest."""
        *lines, self._partial = (self._partial + data).split(b"\n")
        for line in lines:
            event = decoded(line)
            getattr(self, "_on_" + event["event"])(event)

    def close_test(self, cell: Cell) -> None:
        """Give the test in progress the outcome that only the controller can know."""
        assert self.in_progress is not None
        self.cells[self.in_progress] = cell
        self.in_progress = None

    def unreached(self) -> list[str]:
        return [test for test in self.collected if test not in self.cells]

    def _on_start(self, event: Event) -> None:
        self.facts = event["facts"] or self.facts
        self.pace = event["pace"]

    def _on_collected(self, event: Event) -> None:
        known = set(self.collected)
        self.collected.extend(test for test in event["tests"] if test not in known)

    def _on_collect(self, event: Event) -> None:
        if event["outcome"] == "skipped":
            self.files[event["node"]] = skipped(event["message"])
        else:
            message = "not collected: " + event["message"]
            self.files[event["node"]] = Cell(Outcome.FAIL, 0.0, message, event["detail"])

    def _on_begin(self, event: Event) -> None:
        self.in_progress = event["test"]
        self._phases = []

    def _on_phase(self, event: Event) -> None:
        self._phases.append(event)

    def _on_end(self, event: Event) -> None:
        self.cells[event["test"]] = cell_of(self._phases)
        self.in_progress = None

    def _on_finish(self, event: Event) -> None:
        self.finished = event["status"]
        self.facts = event["facts"] or self.facts


def cell_of(phases: list[Event]) -> Cell:
    """The outcome of a test from its phases (set-up, call, teardown)."""
    seconds = sum(phase["seconds"] for phase in phases)
    for phase in phases:
        if phase["outcome"] == "failed":
            where = "" if phase["when"] == "call" else f"in {phase['when']}: "
            return Cell(Outcome.FAIL, seconds, where + phase["message"], phase["detail"])
    for phase in phases:
        if phase["outcome"] == "skipped" and phase["expected_failure"]:
            return Cell(Outcome.SKIP, seconds, "expected failure: " + phase["message"])
        if phase["outcome"] == "skipped":
            return skipped(phase["message"], seconds)
    if any(phase["when"] == "call" for phase in phases):
        return Cell(Outcome.PASS, seconds)
    return Cell(Outcome.FAIL, seconds, "ended without having been called")

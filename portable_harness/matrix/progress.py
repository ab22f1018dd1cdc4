"""What is going on, while it goes on: a bar for each guest, or plain lines where no one looks.

All methods are called from the guests' threads.
"""

from __future__ import annotations

import time
from typing import Protocol

from rich.console import Console
from rich.markup import escape

from portable_harness.base.progress import GuestBars, GuestLines
from portable_harness.matrix.outcomes import Column, Outcome
from portable_harness.matrix.record import Transcript


class Reporter(Protocol):
    """``say`` a step of preparation, ``update`` while tests run, ``done`` with a guest."""

    def __enter__(self) -> Reporter: ...
    def __exit__(self, *unused: object) -> None: ...
    def say(self, name: str, text: str) -> None: ...
    def update(self, name: str, transcript: Transcript) -> None: ...
    def done(self, column: Column) -> None: ...


def reporter(console: Console, names: list[str]) -> Reporter:
    return Bars(console, names) if console.is_terminal else Lines(console)


def summary(column: Column) -> str:
    """A column's totals in one line, the bad ones first."""
    if column.absent:
        return f"absent: {column.absent}"
    if column.lost and not column.cells:
        return f"lost: {column.lost}"
    totals = column.totals()
    order = sorted(totals, key=lambda outcome: (not outcome.is_bad, list(Outcome).index(outcome)))
    parts = [f"{totals[outcome]} {outcome.value}" for outcome in order]
    parts += [f"lost: {column.lost}"] if column.lost else []
    return ", ".join(parts + column.trouble) + f" in {column.seconds:.0f} s"


class Lines(GuestLines):
    """Lines when a guest begins and ends (pytest's own last one too), and every ten seconds."""

    def __init__(self, console: Console) -> None:
        super().__init__(console)
        self._first: dict[str, tuple[float, int]] = {}  # when the tests began, and at which one

    def update(self, name: str, transcript: Transcript) -> None:
        done, number = len(transcript.cells), len(transcript.collected)
        began, already = self._first.setdefault(name, (time.monotonic(), done))
        if self.is_due(name):
            left = ""
            if done > already:
                seconds = (time.monotonic() - began) / (done - already) * (number - done)
                left = f", about {seconds:.0f} s left"
            self.say(name, f"{done} of {number} tests{left}")

    def done(self, column: Column) -> None:
        self.say(column.name, summary(column))
        if column.closing:
            self.say(column.name, column.closing)


class Bars(GuestBars):
    """A bar for each guest with the test in progress, for a terminal."""

    def update(self, name: str, transcript: Transcript) -> None:
        bad = sum(cell.outcome.is_bad for cell in transcript.cells.values())
        now = (transcript.in_progress or "").removeprefix("tests/")
        description = (f"[red]{bad} bad[/red] " if bad else "") + f"[dim]{escape(now)}[/dim]"
        self.move(name, len(transcript.cells), len(transcript.collected), description)

    def done(self, column: Column) -> None:
        self.end(column.name, summary(column), "red" if column.is_bad else "green")

"""What is going on, while it goes on: a bar for each guest, or plain lines where no one looks.

All methods are called from the guests' threads.
"""

from __future__ import annotations

import os
from typing import Protocol

from rich.console import Console
from rich.markup import escape

from portable_harness.base.progress import GuestBars, GuestLines
from portable_harness.litmus.results import FORBIDDEN, INTERESTING, Column
from portable_harness.litmus.transcript import Transcript


class Reporter(Protocol):
    """``say`` a step, ``update`` while cases run, ``done`` with a guest."""

    def __enter__(self) -> Reporter: ...
    def __exit__(self, *unused: object) -> None: ...
    def say(self, name: str, text: str) -> None: ...
    def update(self, name: str, transcript: Transcript) -> None: ...
    def done(self, column: Column) -> None: ...


def reporter(console: Console, names: list[str]) -> Reporter:
    """Bars only where they can move, and where colour is not refused."""
    moving = console.is_terminal and not os.environ.get("NO_COLOR")
    return Bars(console, names) if moving else Lines(console)


def counted(column: Column) -> dict[str, int]:
    """In how many cases an interesting outcome was seen, and a forbidden one."""
    results = column.results.values()
    return {
        grade: sum(bool(result.seen(grade)) for result in results)
        for grade in (INTERESTING, FORBIDDEN)
    }


def summary(column: Column) -> str:
    """A column in one line."""
    if column.absent:
        return f"absent: {column.absent}"
    if column.lost:
        return f"lost: {column.lost}"
    grades = counted(column)
    parts = [f"{len(column.results)} cases"]
    parts += [f"{count} {grade}" for grade, count in grades.items()]
    failed = sum(bool(result.error) for result in column.results.values())
    parts += [f"{failed} not measured"] if failed else []
    return ", ".join(parts + column.trouble) + f" in {column.seconds:.0f} s"


class Lines(GuestLines):
    """Lines when a guest begins and ends, and now and then between."""

    interval = 15.0

    def update(self, name: str, transcript: Transcript) -> None:
        if self.is_due(name):
            done, due = transcript.done, len(transcript.expected)
            self.say(name, f"{done} of {due} cases, now {transcript.last}")

    def done(self, column: Column) -> None:
        self.say(column.name, summary(column))


class Bars(GuestBars):
    """A bar for each guest with the case in progress and its rounds, for a terminal."""

    def update(self, name: str, transcript: Transcript) -> None:
        grades = counted(transcript.column)
        bad = f"[red]{grades[FORBIDDEN]} forbidden[/red] " if grades[FORBIDDEN] else ""
        rounds = f" {transcript.racing:,} rounds" if transcript.racing else ""
        description = f"{bad}[dim]{escape(transcript.last or '')}{rounds}[/dim]"
        total = max(len(transcript.expected), transcript.done)
        self.move(name, transcript.done, total, description)

    def done(self, column: Column) -> None:
        fine = column.state in ("fine", "interrupted")
        self.end(column.name, summary(column), "green" if fine else "red")

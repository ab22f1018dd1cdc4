"""What is going on, while it goes on: a bar for each guest, or plain lines where no one looks.

All methods are called from the guests' threads.
"""

from __future__ import annotations

import time
from typing import Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from harness.matrix.outcomes import Column, Outcome
from harness.matrix.record import Transcript

PLAIN_INTERVAL = 10.0  # seconds between two plain lines of one guest


class Reporter(Protocol):
    """``say`` a step of preparation, ``news`` while tests run, ``done`` with a guest."""

    def __enter__(self) -> Reporter: ...
    def __exit__(self, *unused: object) -> None: ...
    def say(self, name: str, text: str) -> None: ...
    def news(self, name: str, transcript: Transcript) -> None: ...
    def done(self, column: Column) -> None: ...


def reporter(console: Console, names: list[str]) -> Reporter:
    return Bars(console, names) if console.is_terminal else Lines(console)


def summary(column: Column) -> str:
    """A column's totals in one line, the bad ones first."""
    if column.absent:
        return f"absent: {column.absent}"
    totals = column.totals()
    order = sorted(totals, key=lambda outcome: (not outcome.is_bad, list(Outcome).index(outcome)))
    parts = [f"{totals[outcome]} {outcome.value}" for outcome in order]
    return ", ".join(parts + column.trouble) + f" in {column.seconds:.0f} s"


class Lines:
    """Lines when a guest begins and ends (pytest's own last one too), and every ten seconds."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last: dict[str, float] = {}

    def __enter__(self) -> Lines:
        return self

    def __exit__(self, *unused: object) -> None:
        pass

    def say(self, name: str, text: str) -> None:
        self._console.print(f"{name}: {text}", markup=False, highlight=False, soft_wrap=True)

    def news(self, name: str, transcript: Transcript) -> None:
        now = time.monotonic()
        if now - self._last.setdefault(name, now) >= PLAIN_INTERVAL:
            self._last[name] = now
            self.say(name, f"{len(transcript.cells)} of {len(transcript.collected)} tests")

    def done(self, column: Column) -> None:
        self.say(column.name, summary(column))
        if column.closing:
            self.say(column.name, column.closing)


class Bars:
    """A bar for each guest with the test in progress, for a terminal."""

    def __init__(self, console: Console, names: list[str]) -> None:
        self._progress = Progress(
            TextColumn("{task.fields[name]}"),
            BarColumn(bar_width=20),
            TextColumn("{task.completed:.0f}/{task.total:.0f}"),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=console,
        )
        width = max(map(len, names), default=0)
        self._tasks: dict[str, TaskID] = {
            name: self._progress.add_task("waiting", name=name.ljust(width), total=0, start=False)
            for name in names
        }

    def __enter__(self) -> Bars:
        self._progress.start()
        return self

    def __exit__(self, *unused: object) -> None:
        self._progress.stop()

    def say(self, name: str, text: str) -> None:
        self._progress.start_task(self._tasks[name])
        self._progress.update(self._tasks[name], description=escape(text))

    def news(self, name: str, transcript: Transcript) -> None:
        bad = sum(cell.outcome.is_bad for cell in transcript.cells.values())
        now = (transcript.in_progress or "").removeprefix("tests/")
        self._progress.update(
            self._tasks[name],
            completed=len(transcript.cells),
            total=len(transcript.collected),
            description=(f"[red]{bad} bad[/red] " if bad else "") + f"[dim]{escape(now)}[/dim]",
        )

    def done(self, column: Column) -> None:
        colour = "red" if column.is_bad else "green"
        text = f"[{colour}]{escape(summary(column))}[/{colour}]"
        self._progress.update(self._tasks[column.name], description=text)
        self._progress.stop_task(self._tasks[column.name])

"""What is going on, while it goes on: a bar for each guest, or plain lines where no one looks.

All methods are called from the guests' threads.
"""

from __future__ import annotations

import os
import time
from typing import Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from harness.litmus.results import FORBIDDEN, INTERESTING, Column
from harness.litmus.transcript import Transcript

PLAIN_INTERVAL = 15.0  # seconds between two plain lines of one guest


class Reporter(Protocol):
    """``say`` a step, ``news`` while cases run, ``done`` with a guest."""

    def __enter__(self) -> Reporter: ...
    def __exit__(self, *unused: object) -> None: ...
    def say(self, name: str, text: str) -> None: ...
    def news(self, name: str, transcript: Transcript) -> None: ...
    def done(self, column: Column) -> None: ...


def reporter(console: Console, names: list[str]) -> Reporter:
    """Bars only where they can move, and where colour is not refused."""
    moving = console.is_terminal and not os.environ.get("NO_COLOR")
    return Bars(console, names) if moving else Lines(console)


def counted(column: Column) -> dict[str, int]:
    """In how many cases an interesting outcome was seen, and a forbidden one."""
    results = column.results.values()
    return {
        grade: sum(bool(one.seen(grade)) for one in results) for grade in (INTERESTING, FORBIDDEN)
    }


def summary(column: Column) -> str:
    """A column in one line."""
    if column.absent:
        return f"absent: {column.absent}"
    grades = counted(column)
    parts = [f"{len(column.results)} cases"]
    parts += [f"{count} {grade}" for grade, count in grades.items()]
    failed = sum(bool(one.error) for one in column.results.values())
    parts += [f"{failed} not measured"] if failed else []
    return ", ".join(parts + column.trouble) + f" in {column.seconds:.0f} s"


class Lines:
    """Lines when a guest begins and ends, and now and then between."""

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
            done, due = transcript.done, len(transcript.expected)
            self.say(name, f"{done} of {due} cases, now {transcript.last}")

    def done(self, column: Column) -> None:
        self.say(column.name, summary(column))


class Bars:
    """A bar for each guest with the case in progress and its rounds, for a terminal."""

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
        grades = counted(transcript.column)
        bad = f"[red]{grades[FORBIDDEN]} forbidden[/red] " if grades[FORBIDDEN] else ""
        rounds = f" {transcript.racing:,} rounds" if transcript.racing else ""
        self._progress.update(
            self._tasks[name],
            completed=transcript.done,
            total=max(len(transcript.expected), transcript.done),
            description=f"{bad}[dim]{escape(transcript.last or '')}{rounds}[/dim]",
        )

    def done(self, column: Column) -> None:
        fine = column.state in ("fine", "interrupted")
        colour = "green" if fine else "red"
        text = f"[{colour}]{escape(summary(column))}[/{colour}]"
        self._progress.update(self._tasks[column.name], description=text)
        self._progress.stop_task(self._tasks[column.name])

"""What the progress of a run on several guests has in common: a bar for each, or plain lines.

All methods are called from the guests' threads. `portable_harness.matrix.progress` and
`portable_harness.litmus.progress` add what is shown of a guest's updates and of its end.
"""

from __future__ import annotations

import time
from typing import TypeVar

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.table import Column
from rich.text import Text

One = TypeVar("One")
Moving = TypeVar("Moving", bound="GuestBars")


class GuestLines:
    """Lines for where no one looks; ``is_due`` says whether it is time for the next of a guest."""

    #: Seconds between two lines of one guest.
    interval = 10.0

    def __init__(self, console: Console) -> None:
        self._console = console
        self._last: dict[str, float] = {}

    def __enter__(self: One) -> One:
        return self

    def __exit__(self, *unused: object) -> None:
        pass

    def say(self, name: str, text: str) -> None:
        self._console.print(f"{name}: {text}", markup=False, highlight=False, soft_wrap=True)

    def is_due(self, name: str) -> bool:
        now = time.monotonic()
        if now - self._last.setdefault(name, now) < self.interval:
            return False
        self._last[name] = now
        return True


class Done(ProgressColumn):
    """What is done of how much, once that is known: "12/340"."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.completed:.0f}/{task.total:.0f}" if task.total else "")


class TimeLeft(ProgressColumn):
    """The time that is left, "1:05 left"; how long it has taken while that is not known, "0:12"."""

    max_refresh = 0.5

    def render(self, task: Task) -> Text:
        if task.stop_time is not None or task.elapsed is None:
            return Text()
        left = task.time_remaining if task.total else None
        if left is None:
            return Text(_clock(task.elapsed))
        return Text(f"{_clock(left)} left")


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes}:{seconds:02}"


class GuestBars:
    """A bar for each guest, for a terminal.

    A line has the name, what is done and the time left; the description has what room there is, so
    that a long name of a test takes none from them.
    """

    def __init__(self, console: Console, names: list[str]) -> None:
        self._progress = Progress(
            TextColumn("{task.fields[name]}"),
            BarColumn(bar_width=20),
            Done(),
            TimeLeft(),
            TextColumn("{task.description}", table_column=Column(ratio=1, no_wrap=True)),
            console=console,
            expand=True,
        )
        width = max(map(len, names), default=0)
        self._tasks: dict[str, TaskID] = {
            name: self._progress.add_task("waiting", name=name.ljust(width), total=0, start=False)
            for name in names
        }

    def __enter__(self: Moving) -> Moving:
        self._progress.start()
        return self

    def __exit__(self, *unused: object) -> None:
        self._progress.stop()

    def say(self, name: str, text: str) -> None:
        self._progress.start_task(self._tasks[name])
        self._progress.update(self._tasks[name], description=escape(text))

    def move(self, name: str, completed: int, total: int, description: str) -> None:
        self._progress.update(
            self._tasks[name], completed=completed, total=total, description=description
        )

    def end(self, name: str, text: str, colour: str) -> None:
        description = f"[{colour}]{escape(text)}[/{colour}]"
        self._progress.update(self._tasks[name], description=description)
        self._progress.stop_task(self._tasks[name])

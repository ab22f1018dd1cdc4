"""Progress of a comparison: a bar on a terminal, else a line for each workload."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn


class ProgressBar:
    """Called with what comes next, and about how many seconds that takes."""

    def __init__(self, total: float) -> None:
        console = Console(stderr=True)
        self._console = console
        self._last = ""
        self._bar: Progress | None = None
        if console.is_terminal:
            columns = (BarColumn(bar_width=24), TaskProgressColumn(), TimeElapsedColumn())
            self._bar = Progress(*columns, TextColumn("{task.description}"), console=console)
            self._task = self._bar.add_task("starting", total=total)

    def __enter__(self) -> ProgressBar:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, text: str, seconds: float) -> None:
        if self._bar is not None:
            self._bar.update(self._task, description=escape(text), advance=seconds)
            return
        what = text.partition(", round")[0]
        if what != self._last:
            self._last = what
            self._console.print(what, markup=False, highlight=False, soft_wrap=True)

"""Long work that can be watched: a phase, how long it has taken, the last line it wrote.

On a terminal one line changes in place; elsewhere (a log, a CI page) each phase is a line when it
begins and when it ends.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import Progress as Bar
from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn


class Progress:
    """Shows phases of work on stderr."""

    def __init__(self, console: Console | None = None) -> None:
        self.console = console or Console(stderr=True)

    def note(self, text: str) -> None:
        """A line that stays."""
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    @contextlib.contextmanager
    def phase(self, title: str) -> Iterator[Callable[[str], None]]:
        """While the body runs, show the title and a clock; call what is given with details."""
        started = time.monotonic()
        if self.console.is_terminal:
            with self._moving(title) as tell:
                yield tell
        else:
            self.note(f"{title} ...")
            yield lambda _detail: None
        self.note(f"{title}: done in {time.monotonic() - started:.1f} s")

    @contextlib.contextmanager
    def _moving(self, title: str) -> Iterator[Callable[[str], None]]:
        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False))
        with Bar(*columns, TimeElapsedColumn(), console=self.console, transient=True) as bar:
            task = bar.add_task(title, total=None)
            room = max(20, self.console.width - len(title) - 16)
            yield lambda detail: bar.update(task, description=f"{title}  {detail[:room]}")

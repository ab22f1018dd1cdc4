"""The command ``portable-server`` as a process, for tests with hosts."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from portable_harness.base.tree import TREE

from .waiting import until

LIMIT = 240.0  # seconds for a whole run; the machine may be busy


class Running:
    """A command that was started; its standard error goes to a file and can be waited for."""

    def __init__(self, words: Sequence[str], folder: Path) -> None:
        self._log = folder / "standard_error.txt"
        with self._log.open("w") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "portable_harness", *words],
                cwd=TREE,
                env={**os.environ, "NO_COLOR": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stream,
                text=True,
            )

    @property
    def said(self) -> str:
        return self._log.read_text()

    def wait_for(self, words: str) -> None:
        """Until it has said that on standard error."""
        until(lambda: words in self.said, f"{words!r} in {self.said}")

    def interrupt(self) -> None:
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def end(self) -> str:
        """Wait for its end; what it wrote to standard output."""
        out, _ = self.process.communicate(timeout=LIMIT)
        return out

    @property
    def status(self) -> int:
        return self.process.wait(LIMIT)


@contextlib.contextmanager
def running(folder: Path, *words: str) -> Iterator[Running]:
    started = Running(words, folder)
    try:
        yield started
    finally:
        if started.process.poll() is None:
            started.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                started.process.wait(LIMIT)
            started.process.kill()
        if started.process.stdout is not None:
            started.process.stdout.close()


def run(folder: Path, *words: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a whole run."""
    with running(folder, *words) as started:
        out = started.end()
        return started.status, out, started.said

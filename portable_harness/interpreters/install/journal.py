"""What was tried to get an interpreter, and why it did not work: a line for each in a log."""

from __future__ import annotations

import datetime
from pathlib import Path

from portable_harness.base import cache


def path() -> Path:
    """The log: all attempts, oldest first."""
    return cache.directory("log") / "install.log"


def add(text: str) -> None:
    """Append a line with the time.

    :raises OSError: when the cache cannot be written
    """
    path().parent.mkdir(parents=True, exist_ok=True)
    with path().open("a", encoding="utf-8") as stream:
        stream.write(f"{datetime.datetime.now().astimezone():%Y-%m-%d %H:%M:%S} {text}\n")

"""Waiting for what another process does; never for a time alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

LIMIT = 120.0  # seconds; the machine may be busy
STEP = 0.05


def until(happened: Callable[[], bool], what: str, limit: float = LIMIT) -> None:
    deadline = time.monotonic() + limit
    while not happened():
        assert time.monotonic() < deadline, f"{what} did not come within {limit:g} s"
        time.sleep(STEP)


def appears(path: Path) -> None:
    until(path.exists, path.name)

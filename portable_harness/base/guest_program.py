"""One program on a guest, run to its end or to its limit; nothing of it is left behind."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from portable_harness.base.guests import guest_variables
from portable_harness.base.processes import GuestProcess
from portable_harness.base.reading import decoded
from portable_harness.base.tree import guest_tree

LOOK = 0.2  # seconds between two looks whether the run was interrupted


def run_child(
    command: Sequence[str],
    folders: Sequence[str],
    limit: float,
    stop: threading.Event,
    more: Mapping[str, str] | None = None,
) -> tuple[int | None, str, str]:
    """Status (None: ended by us), standard output and error of a process.

    :param folders: what it imports from, besides our tree
    :param limit: seconds
    :param more: further environment variables
    """
    environment = guest_variables([*folders, str(guest_tree())], more or {})
    process = GuestProcess(command, environment, guest_tree())
    deadline = time.monotonic() + limit
    try:
        while not stop.is_set() and time.monotonic() < deadline:
            try:
                output, errors = process.communicate(timeout=LOOK)
            except subprocess.TimeoutExpired:
                continue
            return process.returncode, _text(output), _text(errors)
        return None, "", ""
    finally:
        process.end()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def last_object(output: str, key: str) -> dict[str, Any]:
    """The last line that is a JSON object with this key, {} where there is none."""
    for line in reversed(output.splitlines()):
        try:
            found = decoded(line)
        except ValueError:
            continue
        if isinstance(found, dict) and key in found:
            return found
    return {}


def _text(output: bytes) -> str:
    return output.decode("utf-8", "replace")

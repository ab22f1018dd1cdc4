"""One program on a guest, run to its end or to its limit; nothing of it is left behind."""

from __future__ import annotations

import itertools
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence

from portable_harness.base.guests import guest_variables
from portable_harness.base.processes import end_all
from portable_harness.base.tree import guest_tree

LOOK = 0.2  # seconds between two looks whether the run was interrupted

_serials = itertools.count(1)


def run_child(
    command: Sequence[str],
    folders: Sequence[str],
    mark: str,
    limit: float,
    stop: threading.Event,
    more: Mapping[str, str] | None = None,
) -> tuple[int | None, str, str]:
    """Status (None: ended by us), standard output and error of a process.

    :param folders: what it imports from, besides our tree
    :param mark: the name of the environment variable by which its descendants are found
    :param limit: seconds
    :param more: further environment variables
    """
    value = f"{os.getpid()}-{next(_serials)}"
    process = subprocess.Popen(
        command,
        cwd=guest_tree(),
        env=guest_variables([*folders, str(guest_tree())], {**(more or {}), mark: value}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
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
        end_all(process, mark, value)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def _text(output: bytes) -> str:
    return output.decode("utf-8", "replace")

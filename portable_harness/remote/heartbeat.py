"""Telling the other end now and then that we are still there: a silent one is taken for lost."""

from __future__ import annotations

import threading
from collections.abc import Callable

from portable_harness.remote.addresses import ALIVE_COUNT, patience


def send_heartbeats(tell: Callable[[], object], closed: threading.Event) -> None:
    """Call ``tell`` from a thread of its own until ``closed`` is set, or the line is (OSError)."""
    threading.Thread(target=_stay, args=(tell, closed), daemon=True).start()


def _stay(tell: Callable[[], object], closed: threading.Event) -> None:
    try:
        while not closed.wait(patience() / ALIVE_COUNT):
            tell()
    except OSError:
        pass  # those who use the connection notice it, too

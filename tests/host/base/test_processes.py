"""What the end of a process means, in words."""

from __future__ import annotations

import signal

from portable_harness.base.processes import describe


def test_describe() -> None:
    assert describe(-signal.SIGSEGV) == "the process was killed by SIGSEGV"
    assert describe(3) == "the process ended by itself with status 3"

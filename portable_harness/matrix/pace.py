"""How slow this machine is now, asked of the controller's own interpreter."""

from __future__ import annotations

import contextlib
import subprocess
import sys

from portable_harness.base.tree import on_guest

SLOW = 1.5  # a pace that is worth a word
_LIMIT = 60  # seconds; on an idle machine it takes a fifth of one
_TOO_SLOW = 50.0


def measure() -> float:
    """The pace: 1.0 on an idle machine, as ``on_guest/portable_pace.py`` explains."""
    program = [sys.executable, str(on_guest("matrix") / "portable_pace.py")]
    with contextlib.suppress(subprocess.TimeoutExpired, ValueError):
        done = subprocess.run(program, capture_output=True, timeout=_LIMIT, check=False)
        return float(done.stdout)
    return _TOO_SLOW

"""How many turns of the `work` service's loop are a microsecond, found once for each interpreter.

A server that starts without that finds it for itself, in 0.2 s. On a machine whose speed changes
from second to second two servers on one interpreter then differ by some percent for as long as they
run, in every round alike, so that no interval could show it.
"""

from __future__ import annotations

import subprocess
from functools import cache

from portable_harness.base.tree import guest_tree
from portable_harness.interpreters.probe import guest_environment

LIMIT = 60.0  # seconds; PyPy and Java compile the loop meanwhile
PROGRAM = """\
from portable_server.services.work import calibrate
print(repr(sorted(calibrate() for _ in range(3))[1]))
"""


@cache
def options(command: tuple[str, ...]) -> tuple[str, ...]:
    """The options for the server of an interpreter with that command; none where it does not run,
    which the server's own start will say better."""
    try:
        done = subprocess.run(
            [*command, "-c", PROGRAM], cwd=guest_tree(), env=guest_environment(),
            capture_output=True,
            stdin=subprocess.DEVNULL, text=True, timeout=LIMIT, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return ("--turns-per-us", done.stdout.strip()) if done.returncode == 0 else ()

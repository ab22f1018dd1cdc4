"""Before a run with the rounds of its profile: wait until the machine is quiet, for a while.

Nothing of ours runs yet, so that all that is used is used by others. Where they do not end, more
rounds narrow the intervals; where even these say nothing, the report says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import psutil

from portable_harness.compare.verdicts import BUSY
from portable_harness.compare.workloads import Profile

WAIT = 10.0  # seconds
LOOK = 0.5  # seconds for each look
MORE = 2  # times the rounds


def share() -> float:
    """The share of the processors that is used, over the next LOOK seconds."""
    return psutil.cpu_percent(interval=LOOK) / 100


def wait(look: Callable[[], float] = share, clock: Callable[[], float] = time.monotonic) -> float:
    """Until the machine is quiet, or WAIT seconds are over; the share that others use then."""
    deadline = clock() + WAIT
    used = look()
    while used >= BUSY and clock() < deadline:
        used = look()
    return used


def in_quiet(
    profile: Profile, say: Callable[[str], None], look: Callable[[], float] = share,
    clock: Callable[[], float] = time.monotonic,
) -> Profile:  # fmt: skip
    """The profile for the machine as it is: with more rounds where it stays busy."""
    used = wait(look, clock)
    if used < BUSY:
        return profile
    say(f"other programs use {used:.0%} of the processors: {MORE} times as many rounds")
    rounds, fresh = MORE * profile.rounds, MORE * profile.fresh_rounds
    return replace(profile, rounds=rounds, fresh_rounds=fresh)

"""Row 65: the judge of histories is judged, by histories whose verdict is known.

A known-good history is what a room that is correct by construction shows under the loosest
network there may be; a known-bad one is the same with one thing made wrong. The two errors that a
judge can make are counted apart: an accusation of a good history, and a bad one that it misses.
"""

from __future__ import annotations

from collections import Counter
from random import Random

from portable_harness.chat.checker import judge
from portable_harness.chat.corruptions import CORRUPTIONS, Corruption
from portable_harness.chat.simulated_room import SimulatedRoom

ACCEPTED, ACCUSED = "good accepted", "good accused"
FOUND, MISSED = "bad found", "bad missed"
GOOD = 24  # histories
BAD_OF_EACH = 4  # of each way to be wrong
ACTIONS = 200
ATTEMPTS = 20  # histories that may offer no place for a fault of a kind


def counted(seed: int) -> Counter[str]:
    """How often the judge was right and wrong, with both kinds of history; drawn from ``seed``."""
    counts: Counter[str] = Counter()
    for number in range(GOOD):
        room = SimulatedRoom(Random(f"{seed} good {number}"))
        fine = judge(room.run(ACTIONS, stop=number % 2 == 1)).ok
        counts[ACCEPTED if fine else ACCUSED] += 1
    for corruption in CORRUPTIONS:
        counts += _bad(seed, corruption)
    return counts


def _bad(seed: int, corruption: Corruption) -> Counter[str]:
    counts: Counter[str] = Counter()
    for number in range(ATTEMPTS):
        random = Random(f"{seed} {corruption.__name__} {number}")
        corrupted = corruption(SimulatedRoom(random).run(ACTIONS), random)
        if corrupted is not None and counts.total() < BAD_OF_EACH:
            counts[MISSED if judge(corrupted).ok else FOUND] += 1
    return counts

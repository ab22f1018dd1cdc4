"""What stress varies from batch to batch, so that threads collide in many ways.

Which way helps depends on the case, the interpreter and the machine, and nobody knows
it beforehand: so each batch is a draw of its own, repeatable by its seed.

- how many rounds the batch has: short ones begin neck and neck, long ones drift apart;
- the switch interval of the GIL, where there is one to set;
- the placement of the actors: the system's choice, each on a CPU of its own (so that
  they really run in parallel), or all on one (so that the scheduler cuts in).
"""
from __future__ import absolute_import, division, print_function

import collections
import random

from portable_server.compat import threads

FREE = 'free'
APART = 'apart'
TOGETHER = 'together'

# A meeting costs as much as some two hundred small rounds, so that short batches alone would spend
# most of the time on meeting; the long ones have most of the rounds.
_FACTORS = (0.25, 1.0, 5.0, 25.0)
_SWITCH_INTERVALS = (1e-6, 1e-5, 5e-3)
#: the GIL's usual switch interval in seconds (sys.getswitchinterval)
USUAL_INTERVAL = _SWITCH_INTERVALS[-1]
_PLACEMENTS = (FREE, FREE, APART, TOGETHER)

#: ``length``: rounds; ``interval``: seconds; ``placement``: FREE, APART or TOGETHER.
Variation = collections.namedtuple('Variation', 'length interval placement')


def variations(batch, seed):
    """Yield Variation after Variation; the same for the same ``seed`` on one interpreter."""
    choose = random.Random(seed)
    while True:
        factor = choose.choice(_FACTORS)
        length = 1 if batch == 1 else max(1, int(batch * factor))
        yield Variation(length, choose.choice(_SWITCH_INTERVALS), choose.choice(_PLACEMENTS))


def cpus_for(actor, placement, available):
    """The CPUs (list of int) for the actor number ``actor`` among those ``available``."""
    if placement == TOGETHER:
        return available[:1]
    if placement == APART:
        return [available[actor % len(available)]]
    return available


def varied():
    """What can be varied here besides the lengths of batches (list of str)."""
    found = []
    if threads.set_switch_interval(USUAL_INTERVAL):
        found.append('switch interval')
    if len(threads.get_affinity()) > 1:
        found.append('affinity')
    return found

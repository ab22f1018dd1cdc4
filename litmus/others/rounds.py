"""Rounds of a stress: threads that begin together, one seed, a limit of time.

Nothing here waits without a limit: threads that do not end are a finding too (`Stuck`),
with the stacks of all of them.
"""
from __future__ import absolute_import, division, print_function

import random
import sys

from portable_server.compat import clock, threads
from portable_server.litmus.stacks import stacks_of_all
from portable_server.litmus.varying import USUAL_INTERVAL

LIMIT = 30.0        # seconds that the threads of one round may take
# Of the GIL, where it has one: with the usual interval a round is over before the first switch.
INTERVALS = (1e-5, 1e-4, USUAL_INTERVAL)


class Stuck(Exception):
    """Threads of a round did not end; the text has the stacks."""


class Round(object):
    """One round: `random` (a random.Random), `number`, `broken` (list of str)."""

    def __init__(self, seed, number, limit=LIMIT):
        self.random = random.Random('%d %d' % (seed, number))
        self.number = number
        self.broken = []
        self._limit = limit

    def promise(self, kept, text):
        """Note a broken promise unless `kept`; `text` says what was seen."""
        if not kept:
            self.broken.append(text)

    def shuffled(self, things):
        """list: these things in an order of chance."""
        found = list(things)
        self.random.shuffle(found)
        return found

    def together(self, *actions):
        """Run functions in a thread each, released at once; wait for them all.

        Raises what the first of them raised, or Stuck.
        """
        barrier = threads.Barrier(len(actions))
        errors = []
        running = [threads.Thread(target=_run, args=(action, barrier, self._limit, errors),
                                  name='stress-%d' % number)
                   for number, action in enumerate(actions)]
        for thread in running:
            thread.daemon = True
            thread.start()
        self._join(running, errors)
        if errors:
            raise errors[0]

    def _join(self, running, errors):
        deadline = clock.monotonic() + self._limit
        for thread in running:
            thread.join(max(0.0, deadline - clock.monotonic()))
        alive = [thread.name for thread in running if thread.is_alive()]
        if alive:
            seen = '; raised: %r' % errors[0] if errors else ''
            raise Stuck('%s did not end in %g seconds%s\n%s' % (
                ', '.join(alive), self._limit, seen, stacks_of_all()))


def _run(action, barrier, limit, errors):
    try:
        barrier.wait(limit)
        action()
    except:  # noqa: E722 -- Java's exceptions as well
        errors.append(sys.exc_info()[1])


def race(stress, library, rounds, seconds, seed):
    """Run rounds until there were `rounds`, or `seconds` are over, or a promise broke.

    Returns (rounds run, seconds taken, broken promises as a list of str).
    """
    started = clock.monotonic()
    try:
        for number in range(rounds):
            one = Round(seed, number)
            threads.set_switch_interval(one.random.choice(INTERVALS))
            stress(library, one)
            spent = clock.monotonic() - started
            if one.broken or spent >= seconds:
                return number + 1, spent, one.broken
        return rounds, clock.monotonic() - started, []
    finally:
        threads.set_switch_interval(USUAL_INTERVAL)

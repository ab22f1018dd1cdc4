"""Keeps the threads of a server with a GIL together on one processor.

With a GIL one thread runs at a time, and every `recv` and `send` hands the GIL on. When the
threads wait on several processors, each handing on wakes one somewhere else, and whoever
gave the GIL away sleeps until it is woken too: CPython 3.13 with 100 connections then
spends 28 us of processor time on an echoed line. On one processor the thread that was woken
waits for its turn while the first comes back from its call and takes the GIL again: 7 us,
and two to three times as many lines a second. Nothing is lost: the second processor had
nothing to do but hand over. Without a GIL threads are left alone.

Which processor? Any, and then this is looked at every second: when others compute on ours
while another is less busy, all threads move there. The kernel would have moved them, too,
had they been left free.
"""
from __future__ import absolute_import, division, print_function

import os
import random

from portable_server.compat import clock, platform, processors, threads

#: How often the load is looked at, in seconds.
PERIOD = 1.0

#: Others must use that much more (of one processor) of ours than of another for us to move.
WORTH_MOVING = 0.25


class OneProcessor(object):
    """The processor of a server's threads."""

    def __init__(self):
        self._stopping = threads.Event()
        self._watching = None
        self._allowed = []
        #: Its number; None: the threads are not kept to one.
        self.number = None

    def settle(self):
        """Move the calling thread to one processor; threads that it starts come along."""
        self._allowed = threads.get_affinity()
        if self._stopping.is_set() or len(self._allowed) < 2 or not platform.gil_enabled():
            return
        number = random.choice(self._allowed)
        if threads.set_affinity([number]):
            self.number = number
            self._watching = threads.Thread(target=self._watch, name='processor', daemon=True)
            self._watching.start()

    def leave(self):
        """Let the calling thread run anywhere again, and look no more."""
        self._stopping.set()
        if self._watching is not None:
            threads.set_affinity(self._allowed)
            self._watching.join()
            self._watching = None

    def _watch(self):
        before = Load.now()
        while not self._stopping.wait(PERIOD):
            load = Load.now()
            better = choose(self.number, load.since(before, self.number, self._allowed))
            if better != self.number and processors.move([self.number], [better]):
                self.number = better
                load = Load.now()
            before = load


class Load(object):
    """The use of all processors, and this process's own, at one moment."""

    def __init__(self, moment, usage, own):
        self.moment, self.usage, self.own = moment, usage, own

    @classmethod
    def now(cls):
        """The load of this moment."""
        return cls(clock.monotonic(), processors.usage(), sum(os.times()[:2]))

    def since(self, before, ours, allowed):
        """{processor: share that *others* used}; {} where the system does not tell."""
        passed, shares = self.moment - before.moment, {}
        for number in set(allowed).intersection(self.usage, before.usage):
            used, total = [now - then for now, then in zip(self.usage[number], before.usage[number])]
            if total <= 0 or passed <= 0:
                return {}
            own = (self.own - before.own) / passed if number == ours else 0.0
            shares[number] = max(used / total - own, 0.0)
        return shares


def choose(ours, shares):
    """The processor to be on, by what others use of each."""
    if ours not in shares:
        return ours
    best = min(sorted(shares), key=shares.get)
    return best if shares[ours] - shares[best] > WORTH_MOVING else ours

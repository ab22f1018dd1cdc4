"""All schedules with at most so many preemptions, one after the other (CHESS, OSDI 2008).

A schedule is a list of decisions (see `run`).  While one is executed, every later point at
which another actor could go on is noted; each of these alternatives, appended to the list, is
another schedule.  One that interrupts an actor costs a preemption; one that chooses among the
others where the running actor cannot go on is free.  Schedules with fewer preemptions come
first, so that the first failure is one of those with the fewest.
"""
from __future__ import absolute_import, division, print_function

import collections

from portable_server.litmus.explore.strategies import Fixed


class _Noting(Fixed):
    """Follows decisions and notes the alternatives after the last of them."""

    name = 'systematic'

    def __init__(self, decisions):
        super(_Noting, self).__init__(decisions)
        self._left = len(decisions)
        self.alternatives = []      # (decision, whether it is a preemption)

    def next_step(self, run):
        return run.step + 1

    def _decided(self, run, actor, usual):
        own = actor.steps + run.step - run.since
        wanted = self._given.get(actor.number, {}).get(own)
        chosen = super(_Noting, self)._decided(run, actor, usual)
        if wanted is not None:
            self._left -= 1
        elif not self._left:
            preempts = actor in run.runnable
            for other in run.runnable:
                if other is not usual:
                    self.alternatives.append(((actor.number, own, other.number), preempts))
        return chosen


class Systematic(object):
    """Gives one strategy after the other, until there is none with at most `bound` preemptions.

    The caller executes each before it asks for the next.
    """

    def __init__(self, bound):
        self._bound = bound
        self._levels = [collections.deque() for _ in range(bound + 1)]
        self._levels[0].append(())
        self._last = None
        self.level = 0          # preemptions of the schedules given now

    def following(self):
        """The next strategy, None at the end."""
        self._take_alternatives()
        while self.level <= self._bound:
            if self._levels[self.level]:
                decisions = self._levels[self.level].popleft()
                self._last = (self.level, decisions, _Noting(decisions))
                return self._last[2]
            self.level += 1
        return None

    def _take_alternatives(self):
        if self._last is None:
            return
        level, decisions, strategy = self._last
        self._last = None
        for decision, preempts in strategy.alternatives:
            if level + preempts <= self._bound:
                self._levels[level + preempts].append(decisions + (decision,))

"""Row 38: locks are not fair; how unfair they are is only reported.

A thread that releases a lock and takes it again at once usually gets it, because it is
running and the others must be woken first. With a GIL one thread may take it thousands
of times in a row, until its time slice ends. No document promises an order. Where turns
matter, program them: the fixed case passes a baton from thread to thread.

Source: library/threading: Lock Objects, which leaves open who proceeds after a release.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, actor, expect

LIMIT = 60.0    # seconds, beyond the patience of a run: a lost wake-up is a HANG, not just late


class Greed(Case):
    """Three threads share the turns under one Lock: the most that one got, over the least?"""

    rows = (38,)
    expectations = (expect('max/min <= 2', 'A', 'not promised'),
                    expect('max/min <= 10', 'A', 'not promised'),
                    expect('max/min > 10', 'I', 'library/threading: Lock Objects'),
                    expect('one got none', 'I', 'library/threading: Lock Objects'))
    batch = 5
    all_turns = 600

    def __init__(self):
        self.lock = threads.Lock()
        self.left = self.all_turns
        self.turns = [0, 0, 0]
        self.start = threads.Barrier(3)

    def compete(self, me):
        self.start.wait(LIMIT)
        while self.left:
            with self.lock:
                self.take_turn(me)

    def take_turn(self, me):
        if self.left:
            self.left -= 1
            self.turns[me] += 1

    @actor
    def first(self):
        self.compete(0)

    @actor
    def second(self):
        self.compete(1)

    @actor
    def third(self):
        self.compete(2)

    def observe(self):
        least, most = min(self.turns), max(self.turns)
        if not least:
            return 'one got none'
        for limit in (2, 10):
            if most <= limit * least:
                return 'max/min <= %d' % limit
        return 'max/min > 10'


class GreedMended(Greed):
    """Each hands a baton on to the next: all get the same."""

    mends = 'Greed'
    expectations = (expect('max/min <= 2', 'A', 'library/threading: Semaphore'),)
    batch = 1
    all_turns = 150     # each wakes a thread

    def __init__(self):
        super(GreedMended, self).__init__()
        self.batons = [threads.Semaphore(1), threads.Semaphore(0), threads.Semaphore(0)]

    def compete(self, me):
        while self.left:
            self.batons[me].acquire(timeout=LIMIT)
            self.take_turn(me)
            self.batons[(me + 1) % 3].release()
        self.batons[(me + 1) % 3].release()     # who comes late to the end still hands on

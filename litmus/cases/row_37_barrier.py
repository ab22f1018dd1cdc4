"""Row 37: a Barrier lets all through together, or nobody: abort, reset and time-out break it.

Who waits at a broken barrier gets BrokenBarrierError, now and later, until ``reset``. So
a party that fails must ``abort``, or give its ``wait`` a time-out: else the others wait
for ever. CPython 2.7 and Jython have no Barrier; ``compat`` brings the one of 3.8.

Source: library/threading: Barrier.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock, threads
from portable_server.litmus import Case, actor, expect

LIMIT = 60.0    # seconds, beyond the patience of a run: a lost wake-up is a HANG, not just late
SHORT = 0.02


class PassTogether(Case):
    """Three meet: does each find that all have come, and get a number of its own?"""

    rows = (37,)
    expectations = (expect('0 1 2, all there', 'A', 'library/threading: Barrier.wait'),)
    batch = 10

    def __init__(self):
        self.barrier = threads.Barrier(3)
        self.arrived, self.counts, self.numbers = [], [], []

    def meet(self):
        self.arrived.append(None)
        self.numbers.append(self.barrier.wait(LIMIT))
        self.counts.append(len(self.arrived))

    @actor
    def first(self):
        self.meet()

    @actor
    def second(self):
        self.meet()

    @actor
    def third(self):
        self.meet()

    def observe(self):
        numbers = ' '.join(map(str, sorted(self.numbers)))
        return '%s, %s' % (numbers, 'all there' if self.counts == [3] * 3 else 'too early')


class PassTwice(PassTogether):
    """The same barrier is used again at once: do the two meetings mix?"""

    expectations = (expect('0 0 1 1 2 2, all there', 'A', 'library/threading: Barrier Objects'),)

    def meet(self):
        for turn in (1, 2):
            self.arrived.append(None)
            self.numbers.append(self.barrier.wait(LIMIT))
            self.counts.append(len(self.arrived) >= 3 * turn)

    def observe(self):
        self.counts = [3] * 3 if all(self.counts) else []
        return super(PassTwice, self).observe()


class Aborted(Case):
    """One waits, another aborts, before or after: is the first one told?"""

    rows = (37,)
    expectations = (expect('raises BrokenBarrierError', 'A', 'library/threading: Barrier.abort'),)
    batch = 20

    def __init__(self):
        self.barrier = threads.Barrier(2)

    @actor
    def waiter(self):
        self.barrier.wait(LIMIT)

    @actor
    def failing(self):
        self.barrier.abort()

    def observe(self):
        return 'no exception'


class TimedOut(Case):
    """The partner comes after the time-out: are both told?"""

    rows = (37,)
    expectations = (expect('both told', 'A', 'library/threading: Barrier.wait'),)
    batch = 3

    def __init__(self):
        self.barrier = threads.Barrier(2)
        self.gave_up = threads.Event()
        self.told = []

    def wait(self, timeout):
        try:
            self.barrier.wait(timeout)
        except threads.BrokenBarrierError:
            self.told.append(None)

    @actor
    def impatient(self):
        self.wait(SHORT)
        self.gave_up.set()

    @actor
    def late(self):
        self.gave_up.wait(LIMIT)
        self.wait(LIMIT)

    def observe(self):
        return ('none told', 'one told', 'both told')[len(self.told)]


class MendedByReset(TimedOut):
    """One waits, the other resets: the wait is broken, and then both meet."""

    expectations = (expect('one told, then 0 1', 'A', 'library/threading: Barrier.reset'),)
    batch = 5

    def __init__(self):
        super(MendedByReset, self).__init__()
        self.numbers = []

    @actor
    def impatient(self):
        self.wait(LIMIT)
        self.numbers.append(self.barrier.wait(LIMIT))

    @actor
    def late(self):
        deadline = clock.monotonic() + LIMIT
        while not self.barrier.n_waiting and clock.monotonic() < deadline:
            clock.sleep(0)      # nothing announces that somebody waits
        self.barrier.reset()
        self.numbers.append(self.barrier.wait(LIMIT))

    def observe(self):
        told = super(MendedByReset, self).observe()
        return '%s, then %s' % (told, ' '.join(map(str, sorted(self.numbers))))

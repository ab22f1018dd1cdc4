"""Row 29: a Lock has no owner; any thread may release it.

A Lock can therefore be used as a signal. For the same reason, a wrong ``release`` in
another thread opens it while its holder still works: the forced case shows two threads
inside. An RLock knows its owner and refuses (row 31). Use an RLock to guard data.

Source: library/threading: Lock.release, its first paragraph.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, Forced, actor, expect

LIMIT = 60.0    # seconds, beyond the patience of a run: a lost wake-up is a HANG, not just late


class ReleasedByAnother(Case):
    """One thread waits for a taken Lock, another, which never took it, releases it."""

    rows = (29,)
    expectations = (expect('taken over', 'A', 'library/threading: Lock.release'),)
    batch = 20

    def __init__(self):
        self.lock = threads.Lock()
        self.lock.acquire()
        self.taken = None

    @actor
    def waiter(self):
        self.taken = self.lock.acquire(timeout=LIMIT)

    @actor
    def releaser(self):
        self.lock.release()

    def observe(self):
        return 'taken over' if self.taken else 'not taken'


class ReleasedByAnotherForced(Forced):
    """A stranger releases the holder's Lock: two threads are inside, each time."""

    rows = (29,)
    schedule = 'holder:enter stranger:release other:enter other:leave holder:leave'
    outcome = '2 inside'

    def __init__(self):
        self.lock = threads.Lock()
        self.inside = self.most = 0

    def stay(self):
        self.at('enter')
        self.lock.acquire()
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.at('leave')
        self.inside -= 1

    @actor
    def holder(self):
        self.stay()

    @actor
    def stranger(self):
        self.at('release')
        self.lock.release()

    @actor
    def other(self):
        self.stay()

    def observe(self):
        return '%d inside' % self.most

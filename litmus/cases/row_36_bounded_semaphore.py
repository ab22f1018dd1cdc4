"""Row 36: a BoundedSemaphore refuses a release too many; a Semaphore grows.

A Semaphore counts permits and cannot know that one came back twice: from then on one
thread more is let in than there is room for. Where permits are taken and given back, as
in a pool of connections, the bounded one turns the mistake into a ValueError.

Source: library/threading: Semaphore, BoundedSemaphore.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, actor, expect


class ReleasedTooOften(Case):
    """One permit is taken, two are given back: what does a Semaphore say?"""

    rows = (36,)
    expectations = (expect('grew to 2', 'A', 'library/threading: Semaphore.release'),)
    new_semaphore = staticmethod(threads.Semaphore)

    def __init__(self):
        self.semaphore = self.new_semaphore(1)

    @actor
    def careless(self):
        with self.semaphore:
            self.semaphore.release()

    def permits(self):
        count = 0
        while self.semaphore.acquire(False):
            count += 1
        return count

    def observe(self):
        return 'grew to %d' % self.permits()


class ReleasedTooOftenMended(ReleasedTooOften):
    """The same with a BoundedSemaphore: ValueError."""

    mends = 'ReleasedTooOften'
    expectations = (expect('raises ValueError', 'A', 'library/threading: BoundedSemaphore'),)
    new_semaphore = staticmethod(threads.BoundedSemaphore)


class BoundedByTwo(ReleasedTooOften):
    """Two threads give back the one permit at the same time: is one told, and one only?"""

    expectations = (expect('1 permit, 1 told', 'A', 'library/threading: BoundedSemaphore'),)
    new_semaphore = staticmethod(threads.BoundedSemaphore)

    def __init__(self):
        super(BoundedByTwo, self).__init__()
        self.semaphore.acquire()
        self.told = []

    def release(self):
        try:
            self.semaphore.release()
        except ValueError:
            self.told.append(None)

    @actor
    def careless(self):
        self.release()

    @actor
    def careless_too(self):
        self.release()

    def observe(self):
        return '%d permit, %d told' % (self.permits(), len(self.told))

"""Row 30: releasing a lock that is not held raises RuntimeError, on every interpreter.

It is always a mistake in the program, most often a release in a ``finally`` whose
``acquire`` was refused. A ``with`` cannot make it. CPython 2.7 raises another error and
Jython a Java one; ``compat`` maps both. In free-threaded CPython 3.13 alone, two
threads that release at the same time what was taken once may both pass: its ``release``
looks and then releases, in two steps. 3.14 has mended it.

Source: library/threading: Lock.release, RLock.release; cpython issue 117721.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, actor, expect


class FreeLock(Case):
    """A Lock that nobody has taken is released."""

    rows = (30,)
    expectations = (expect('raises RuntimeError', 'A', 'library/threading: Lock.release'),)
    new_lock = staticmethod(threads.Lock)

    def __init__(self):
        self.lock = self.new_lock()

    @actor
    def careless(self):
        self.lock.release()

    def observe(self):
        return 'no exception'


class FreeRLock(FreeLock):
    """An RLock that nobody has taken is released."""

    expectations = (expect('raises RuntimeError', 'A', 'library/threading: RLock.release'),)
    new_lock = staticmethod(threads.RLock)


class FreeCondition(FreeLock):
    """A Condition whose lock nobody has taken is released."""

    expectations = (expect('raises RuntimeError', 'A', 'library/threading: Condition.release'),)
    new_lock = staticmethod(threads.Condition)


class ReleasedTwice(FreeLock):
    """A Lock is taken once and released twice."""

    @actor
    def careless(self):
        with self.lock:
            self.lock.release()


class StillOneLock(FreeLock):
    """After a release that failed the Lock is still given to one at a time."""

    expectations = (expect('given once', 'A', 'library/threading: Lock'),)

    @actor
    def careless(self):
        try:
            self.lock.release()
        except RuntimeError:
            pass

    def observe(self):
        given = self.lock.acquire(False) + self.lock.acquire(False)
        return 'given once' if given == 1 else 'given %d times' % given


class ReleasedByTwo(Case):
    """A Lock is taken once, two threads release it at the same time: is one told?"""

    rows = (30,)
    expectations = (
        expect('one told', 'A', 'library/threading: Lock.release'),
        expect('none told', 'F', 'cpython issue 117721; not observed yet', FT='I'),
        expect('none told, given twice', 'F', 'cpython issue 117721; not observed yet', FT='I'))

    def __init__(self):
        self.lock = threads.Lock()
        self.lock.acquire()
        self.told = []

    def release(self):
        try:
            self.lock.release()
        except RuntimeError:
            self.told.append(None)

    @actor
    def first(self):
        self.release()

    @actor
    def second(self):
        self.release()

    def observe(self):
        given = self.lock.acquire(False) + self.lock.acquire(False)
        told = ('none told', 'one told', 'both told')[len(self.told)]
        return told + ('' if given == 1 else ', given twice')

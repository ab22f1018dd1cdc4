"""Row 31: an RLock is released by its owner only; from any other thread: RuntimeError.

This is what makes it the safer lock around data: a misplaced ``release`` is an error at
the place of the mistake, not two threads inside (row 29). The lock stays held.

Source: library/threading: RLock.release.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, Forced, actor, expect


class ReleasedByNonOwner(Case):
    """The main thread holds an RLock, an actor releases it."""

    rows = (31,)
    expectations = (expect('raises RuntimeError', 'A', 'library/threading: RLock.release'),)

    def __init__(self):
        self.lock = threads.RLock()
        self.lock.acquire()

    @actor
    def stranger(self):
        self.lock.release()

    def observe(self):
        return 'no exception'


class StillHeld(ReleasedByNonOwner):
    """After the stranger's attempt the owner still holds it, as deep as before."""

    expectations = (expect('still held', 'A', 'library/threading: RLock'),)

    @actor
    def stranger(self):
        try:
            self.lock.release()
        except RuntimeError:
            self.taken = self.lock.acquire(False)

    def observe(self):
        self.lock.release()
        return 'lost' if self.taken else 'still held'


class ReleasedByNonOwnerForced(Forced):
    """An actor holds it, another releases it: RuntimeError in the other, each time."""

    rows = (31,)
    mends = 'row_29_released_by_another.ReleasedByAnotherForced'
    schedule = 'holder:enter stranger:release holder:leave'
    outcome = 'raises RuntimeError'

    def __init__(self):
        self.lock = threads.RLock()

    @actor
    def holder(self):
        self.at('enter')
        with self.lock:
            self.at('leave')

    @actor
    def stranger(self):
        self.at('release')
        self.lock.release()

    def observe(self):
        return 'no exception'

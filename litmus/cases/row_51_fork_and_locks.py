"""Row 51: a lock that another thread holds at the fork is never released in the child.

The child is a copy of the memory with one thread in it, the one that forked: a lock that
any other thread held is held there for ever, and what it guards may be half changed. So
fork before starting threads; or hold the lock yourself while forking, then the child
owns its copy; and in the child take no lock that others may have held. Jython cannot
fork, and ``compat`` says so in one line.

Source: POSIX, fork, on processes with several threads; library/os: fork, which warns
since 3.12 when there are threads.
"""
from __future__ import absolute_import, division, print_function

import warnings

from portable_server.compat import process, threads
from portable_server.litmus import Case, Forced, actor, expect, per_class

LIMIT = 10.0    # seconds that no wait in here should need
SHORT = 0.05
_NO_FORK = expect('raises NotSupported', 'F', 'compat.process.fork; ledger: no-fork', J='A', GP='A')


def taken_in_child(lock):
    """bool: whether a forked child can take `lock` within SHORT seconds."""
    def take():
        process.exit_now(0 if lock.acquire(timeout=SHORT) else 3)

    with warnings.catch_warnings():     # the danger it warns of is the lesson
        warnings.filterwarnings('ignore', '.*multi-threaded', DeprecationWarning)
        child = process.fork_and_run(take)
    status = process.wait(child, LIMIT)
    if status is None:
        raise AssertionError('the child has not ended')
    return status == 0


class ForkWhileHeld(Case):
    """One thread holds a lock, another forks: can the child take it?"""

    rows = (51,)
    expectations = (expect('never free in the child', 'A', 'POSIX: fork', J='F', GP='F'), _NO_FORK)
    batch = 1

    def __init__(self):
        self.lock = threads.Lock()
        self.held, self.forked = threads.Event(), threads.Event()
        self.taken = None

    @actor
    def holder(self):
        with self.lock:
            self.held.set()
            self.forked.wait(LIMIT)

    @actor
    def forker(self):
        self.held.wait(LIMIT)
        try:
            self.taken = taken_in_child(self.lock)
        finally:
            self.forked.set()

    def observe(self):
        return 'taken in the child' if self.taken else 'never free in the child'


class ForkWhileHeldForced(Forced):
    """The same as a schedule: take, fork, release; the child waits in vain, each time."""

    rows = (51,)
    schedule = 'holder:take forker:fork holder:release'
    outcome = per_class('never free in the child', J='raises NotSupported')

    def __init__(self):
        self.lock = threads.Lock()
        self.taken = None

    @actor
    def holder(self):
        self.at('take')
        with self.lock:
            self.at('release')

    @actor
    def forker(self):
        self.at('fork')
        self.taken = taken_in_child(self.lock)

    def observe(self):
        return 'taken in the child' if self.taken else 'never free in the child'


class ForkWhileHeldMended(ForkWhileHeld):
    """The thread that forks takes the lock first: its copy in the child is its own."""

    mends = 'ForkWhileHeld'
    expectations = (expect('taken in the child', 'A', 'POSIX: pthread_atfork, rationale',
                           J='F', GP='F'),
                    _NO_FORK)

    @actor
    def holder(self):
        with self.lock:
            pass

    @actor
    def forker(self):
        with self.lock:
            copy = _Handover(self.lock)
            self.taken = taken_in_child(copy)


class _Handover(object):
    """The child's copy of a lock that the forking thread holds: released, then taken."""

    def __init__(self, lock):
        self.lock = lock

    def acquire(self, timeout):
        self.lock.release()
        return self.lock.acquire(timeout=timeout)

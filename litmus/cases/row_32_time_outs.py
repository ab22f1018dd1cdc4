"""Row 32: a wait with a time-out ends soon after the time has passed, and not earlier.

A wait that ends early turns a loop around it into a busy loop. A wait that ends late
breaks every deadline of its callers. How late it may end is not promised: the scheduler
decides. The limit here is ten times a long time-out, which holds on a busy machine. Java
may wake a few milliseconds early; ``compat`` waits for the rest.

Source: library/threading: Lock.acquire, the parameter timeout.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock, threads
from portable_server.litmus import Case, actor, expect

TIMEOUT = 0.3           # seconds; its tenfold must be more than a busy machine is late
LEAST, MOST = 0.6, 10   # times TIMEOUT


def named(answer, elapsed):
    """The outcome: what the wait returned, and after which part of TIMEOUT."""
    ratio = elapsed / TIMEOUT
    for limit, name in ((LEAST, 'early'), (2, 'in time'), (MOST, 'late')):
        if ratio <= limit:
            return '%s %s' % (answer, name)
    return '%s too late' % answer


class LockTimeOut(Case):
    """A thread waits for a Lock that is not released: when does it give up?"""

    rows = (32,)
    expectations = (expect('False in time', 'A', 'library/threading: Lock.acquire'),
                    expect('False late', 'A', 'the same: no promise how soon after'))
    batch = 1

    def __init__(self):
        self.lock = self.new_lock()
        self.outcomes = []

    def new_lock(self):
        lock = threads.Lock()
        lock.acquire()
        return lock

    def wait(self):
        return self.lock.acquire(timeout=TIMEOUT)

    def measure(self):
        began = clock.monotonic()
        answer = self.wait()
        self.outcomes.append(named(answer, clock.monotonic() - began))

    @actor
    def first(self):
        self.measure()

    @actor
    def second(self):
        self.measure()

    def observe(self):
        return max(self.outcomes)


class RLockTimeOut(LockTimeOut):
    """The same with another thread's RLock."""

    expectations = (expect('False in time', 'A', 'library/threading: RLock.acquire'),
                    expect('False late', 'A', 'the same: no promise how soon after'))

    def new_lock(self):
        lock = threads.RLock()
        lock.acquire()      # by the thread that makes the rounds
        return lock


class SemaphoreTimeOut(LockTimeOut):
    """The same with a Semaphore that has no permit."""

    expectations = (expect('False in time', 'A', 'library/threading: Semaphore.acquire'),
                    expect('False late', 'A', 'the same: no promise how soon after'))

    def new_lock(self):
        return threads.Semaphore(0)


class EventTimeOut(LockTimeOut):
    """The same with an Event that is not set."""

    expectations = (expect('False in time', 'A', 'library/threading: Event.wait'),
                    expect('False late', 'A', 'the same: no promise how soon after'))

    def new_lock(self):
        return threads.Event()

    def wait(self):
        return self.lock.wait(TIMEOUT)


class ConditionTimeOut(EventTimeOut):
    """The same with a Condition that nobody notifies."""

    expectations = (expect('False in time', 'A', 'library/threading: Condition.wait'),
                    expect('False late', 'A', 'the same: no promise how soon after'))

    def new_lock(self):
        return threads.Condition()

    def wait(self):
        with self.lock:
            return self.lock.wait(TIMEOUT)

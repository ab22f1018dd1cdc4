"""Condition: a queue of sleeping threads beside a lock.

Every waiting thread makes a lock of its own, takes it, and waits to take it a
second time; `notify` releases the longest waiting ones.  So a notification goes
to a thread that waits at that moment and to no other, and none is woken for
nothing.  (After CPython 3.8.)
"""
from __future__ import absolute_import, division, print_function

from collections import deque
from itertools import islice

from portable_server.compat.clock import monotonic
from portable_server.compat.threads.python2.lock import Lock, RLock


class Condition(object):
    """`threading.Condition` of Python 3.8; `lock` is a Lock or RLock (default RLock)."""

    def __init__(self, lock=None):
        self._lock = lock = RLock() if lock is None else lock
        self.acquire = lock.acquire
        self.release = lock.release
        for name in ('_release_save', '_acquire_restore', '_is_owned'):
            if hasattr(lock, name):     # an RLock gives up all its levels at once
                setattr(self, name, getattr(lock, name))
        self._waiters = deque()

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *exception):
        return self._lock.__exit__(*exception)

    def __repr__(self):
        return '<Condition(%s, %d)>' % (self._lock, len(self._waiters))

    def _release_save(self):
        self._lock.release()

    def _acquire_restore(self, state):
        self._lock.acquire()

    def _is_owned(self):
        if self._lock.acquire(False):
            self._lock.release()
            return False
        return True

    def wait(self, timeout=None):
        """bool: False if `timeout` seconds (None: no limit) passed without a notify.

        Raises RuntimeError unless the calling thread holds the lock.
        """
        if not self._is_owned():
            raise RuntimeError('cannot wait on un-acquired lock')
        waiter = Lock()
        waiter.acquire()
        self._waiters.append(waiter)
        state = self._release_save()
        notified = False
        try:
            notified = _wait_for_release(waiter, timeout)
        finally:
            self._acquire_restore(state)
            if not notified:
                self._forget(waiter)
        return notified

    def _forget(self, waiter):
        try:
            self._waiters.remove(waiter)
        except ValueError:
            pass

    def wait_for(self, predicate, timeout=None):
        """The last value of `predicate()`, false only when `timeout` seconds passed."""
        deadline = None if timeout is None else monotonic() + timeout
        result = predicate()
        while not result:
            remaining = None if deadline is None else deadline - monotonic()
            if remaining is not None and remaining <= 0:
                break
            self.wait(remaining)
            result = predicate()
        return result

    def notify(self, n=1):
        """Wake at most `n` waiting threads; RuntimeError unless the lock is held."""
        if not self._is_owned():
            raise RuntimeError('cannot notify on un-acquired lock')
        for waiter in list(islice(self._waiters, n)):
            waiter.release()
            self._forget(waiter)

    def notify_all(self):
        """Wake all waiting threads; RuntimeError unless the lock is held."""
        self.notify(len(self._waiters))

    notifyAll = notify_all


def _wait_for_release(waiter, timeout):
    if timeout is None:
        return waiter.acquire()
    if timeout > 0:
        return waiter.acquire(True, timeout)
    return waiter.acquire(False)

"""Condition: a row of parked threads that its users see, with their lock."""
from __future__ import absolute_import, division, print_function

from portable_server.compat.threads.python2.lock import RLock
from portable_server.compat.threads.python2.waiting import Row


class Condition(object):
    """`threading.Condition` of Python 3.8; `lock`: a Lock or RLock, a new RLock by default.

    Source: library/threading, "Condition objects".
    """

    def __init__(self, lock=None):
        self._lock = lock = RLock() if lock is None else lock
        self._waiters = Row(lock)
        self.acquire, self.release = lock.acquire, lock.release
        # What a Condition asks of an RLock it answers itself, as a Condition may be another's lock.
        self._release_save, self._acquire_restore = self._waiters.give_up, self._waiters.take_back
        # If the lock does not know its owner: whether anybody holds it.
        self._is_owned = getattr(lock, '_is_owned', None) or (lambda: _is_taken(lock))

    def wait(self, timeout=None):
        """bool: whether a notify came, within `timeout` seconds (None: no limit).

        Raises RuntimeError unless the calling thread holds the lock.
        """
        self._is_owned() or _refuse('wait')
        return self._waiters.park(timeout)

    def wait_for(self, predicate, timeout=None):
        """The last value of `predicate()`; it is false only if `timeout` seconds passed.

        Raises RuntimeError if it has to wait and the calling thread does not hold the lock.
        """
        return self._waiters.park_until(predicate, timeout, self.wait)

    def notify(self, n=1):
        """Wake at most `n` waiting threads; RuntimeError unless the lock is held."""
        self._is_owned() or _refuse('notify')
        self._waiters.open(n)

    def notify_all(self):
        """Wake all waiting threads; RuntimeError unless the lock is held."""
        self._is_owned() or _refuse('notify')
        self._waiters.open_all()

    notifyAll = notify_all

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, kind, value, trace):
        # The lock's own: what it does may depend on the exception.
        return self._lock.__exit__(kind, value, trace)

    def __repr__(self):
        return '<Condition of %r, %d waiting>' % (self._lock, len(self._waiters))


def _refuse(what):
    raise RuntimeError('cannot %s: this thread does not hold the lock' % what)


def _is_taken(lock):
    if lock.acquire(False):
        lock.release()
        return False
    return True

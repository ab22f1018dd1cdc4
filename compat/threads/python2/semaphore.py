"""Semaphore and BoundedSemaphore: permits, and the threads parked until there is one."""
from __future__ import absolute_import, division, print_function

from numbers import Number

from portable_server.compat.threads.python2.lock import Lock
from portable_server.compat.threads.python2.waiting import Row


class Semaphore(object):
    """`threading.Semaphore` of Python 3.8; `value`: int, the permits to begin with.

    Raises ValueError for a negative `value`.  Source: library/threading, "Semaphore objects".
    """

    def __init__(self, value=1):
        self._begin(value, most=None)

    def _begin(self, permits, most):
        """most: how many permits there may be; None: any number."""
        if not isinstance(permits, Number):
            raise TypeError('permits are counted by a number, not by %r' % (permits,))
        if permits < 0:
            raise ValueError('a semaphore cannot begin with %r permits' % (permits,))
        self._permits, self._most = permits, most
        self._lock = Lock()
        self._waiters = Row(self._lock)

    def _left(self):
        return self._permits

    def acquire(self, blocking=True, timeout=None):
        """bool: whether a permit was taken, within `timeout` seconds (None: no limit).

        Raises ValueError for a time-out without blocking.
        """
        if timeout is not None and not blocking:
            raise ValueError('a time-out has no meaning without blocking')
        with self._lock:
            if not self._permits and not self._waiters.park_until(
                    self._left, timeout if blocking else 0):
                return False
            self._permits -= 1
        return True

    def release(self):
        """Give one permit back; wakes a thread that waits for one.

        A BoundedSemaphore raises ValueError if all its permits are back already.
        """
        with self._lock:
            if self._permits == self._most:
                raise ValueError('all permits are back: this release has no acquire')
            self._permits += 1
            self._waiters.open()

    def __enter__(self):
        return self.acquire()

    def __exit__(self, *raised):
        self.release()


class BoundedSemaphore(Semaphore):
    """A Semaphore that never has more permits than it began with."""

    def __init__(self, value=1):
        self._begin(value, most=value)

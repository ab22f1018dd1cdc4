"""Semaphore and BoundedSemaphore.  (After CPython 3.8.)"""
from __future__ import absolute_import, division, print_function

from portable_server.compat.clock import monotonic
from portable_server.compat.threads.python2.condition import Condition
from portable_server.compat.threads.python2.lock import Lock


class Semaphore(object):
    """`threading.Semaphore` of Python 3.8: `value` permits to begin with."""

    def __init__(self, value=1):
        if value < 0:
            raise ValueError('semaphore initial value must be >= 0')
        self._cond = Condition(Lock())
        self._value = value

    def acquire(self, blocking=True, timeout=None):
        """bool: whether a permit was taken, within `timeout` seconds (None: no limit)."""
        if not blocking and timeout is not None:
            raise ValueError("can't specify timeout for non-blocking acquire")
        deadline = None if timeout is None else monotonic() + timeout
        with self._cond:
            while self._value == 0:
                remaining = None if deadline is None else deadline - monotonic()
                if not blocking or remaining is not None and remaining <= 0:
                    return False
                self._cond.wait(remaining)
            self._value -= 1
        return True

    __enter__ = acquire

    def release(self):
        """Give one permit back and wake a thread that waits for one."""
        with self._cond:
            self._value += 1
            self._cond.notify()

    def __exit__(self, *exception):
        self.release()


class BoundedSemaphore(Semaphore):
    """A Semaphore whose `release` raises ValueError above the initial value."""

    def __init__(self, value=1):
        Semaphore.__init__(self, value)
        self._initial_value = value

    def release(self):
        """Give one permit back; ValueError if all are back already."""
        with self._cond:
            if self._value >= self._initial_value:
                raise ValueError('Semaphore released too many times')
            self._value += 1
            self._cond.notify()

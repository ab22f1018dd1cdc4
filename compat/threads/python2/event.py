"""Event.  (After CPython 3.8.)"""
from __future__ import absolute_import, division, print_function

from portable_server.compat.threads.python2.condition import Condition
from portable_server.compat.threads.python2.lock import Lock


class Event(object):
    """`threading.Event` of Python 3.8: a flag that threads can wait for."""

    def __init__(self):
        self._cond = Condition(Lock())
        self._flag = False

    def _reset_internal_locks(self):        # 2.7's threading calls it after a fork
        self._cond.__init__(Lock())

    def is_set(self):
        """bool: whether the flag is true."""
        return self._flag

    isSet = is_set

    def set(self):
        """Make the flag true and wake every thread that waits for it."""
        with self._cond:
            self._flag = True
            self._cond.notify_all()

    def clear(self):
        """Make the flag false."""
        with self._cond:
            self._flag = False

    def wait(self, timeout=None):
        """bool: False if `timeout` seconds (None: no limit) passed with the flag false.

        A thread that waited when `set` was called returns True even if `clear`
        comes before it runs again (cpython issue 13502).
        """
        with self._cond:
            return self._flag or self._cond.wait(timeout)

"""Event: a flag, and the threads parked until it is raised."""
from __future__ import absolute_import, division, print_function

from portable_server.compat.threads.python2.lock import Lock
from portable_server.compat.threads.python2.waiting import Row


class Event(object):
    """`threading.Event` of Python 3.8 (library/threading, "Event objects")."""

    def __init__(self):
        self._raised = False
        self._reset_internal_locks()

    def _reset_internal_locks(self):
        """New ones; 2.7's threading calls this by its name after a fork."""
        self._lock = Lock()
        self._waiters = Row(self._lock)

    def is_set(self):
        """bool: whether the flag is true."""
        return self._raised

    isSet = is_set

    def set(self):
        """Make the flag true and wake every thread that waits for it."""
        with self._lock:
            self._raised = True
            self._waiters.open_all()

    def clear(self):
        """Make the flag false: who waits from now on waits for the next `set`."""
        with self._lock:
            self._raised = False

    def wait(self, timeout=None):
        """bool: whether the flag was true or became so within `timeout` seconds (None: no limit).

        A thread that waited when `set` was called returns True even if `clear`
        comes before it runs again (cpython issue 13502).
        """
        if self._raised:
            return True
        with self._lock:
            return self._raised or self._waiters.park(timeout)

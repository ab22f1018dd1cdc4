"""Closes without waking: who waits waits for ever."""
from __future__ import absolute_import, division, print_function

import collections
import threading
import time

# A clock that does not jump; Python 2 has none.
now = getattr(time, 'monotonic', time.time)


class Closed(Exception):
    """The mailbox takes no more items, or has none left."""


class Mailbox(object):
    """At most `limit` items, taken in the order in which they were put."""

    def __init__(self, limit):
        self._limit = limit
        self._items = collections.deque()
        self._closed = False
        self._lock = threading.Lock()
        self._not_empty = threading.Condition(self._lock)
        self._not_full = threading.Condition(self._lock)

    def put(self, item, timeout=None):
        """True when the item is in; False when the mailbox stayed full for `timeout` seconds.

        Raises Closed when it is closed, or is being closed while this waits.
        """
        with self._lock:
            if not self._wait(self._not_full, self._may_put, timeout):
                return False
            if self._closed:
                raise Closed()
            self._items.append(item)
            self._not_empty.notify()
            return True

    def get(self, timeout=None):
        """The oldest item; None when there was none for `timeout` seconds.

        Raises Closed when the mailbox is closed and empty.
        """
        with self._lock:
            if not self._wait(self._not_empty, self._may_get, timeout):
                return None
            if not self._items:
                raise Closed()
            item = self._items.popleft()
            self._not_full.notify()
            return item

    def close(self):
        """No more items: who waits is woken. What is in it can still be taken."""
        with self._lock:
            self._closed = True

    # The lock is held by whoever calls these.

    def _may_put(self):
        return self._closed or len(self._items) < self._limit

    def _may_get(self):
        return self._closed or len(self._items) > 0

    def _wait(self, condition, holds, timeout):
        deadline = None if timeout is None else now() + timeout
        while not holds():
            left = None if deadline is None else deadline - now()
            if left is not None and left <= 0:
                return False
            condition.wait(left)
        return True

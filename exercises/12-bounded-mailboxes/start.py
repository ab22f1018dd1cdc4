"""A mailbox without limit and without waiting. Make it a bounded one; see README.md."""
from __future__ import absolute_import, division, print_function

import collections
import threading  # you will need it


class Closed(Exception):
    """The mailbox takes no more items, or has none left."""


class Mailbox(object):
    """At most `limit` items, taken in the order in which they were put."""

    def __init__(self, limit):
        self._limit = limit
        self._items = collections.deque()
        self._closed = False
        # TODO: one lock, and a threading.Condition for each thing that is waited for

    def put(self, item, timeout=None):
        """True when the item is in; False when the mailbox stayed full for `timeout` seconds.

        Raises Closed when it is closed, or is being closed while this waits.
        """
        # TODO: wait while it is full
        self._items.append(item)
        return True

    def get(self, timeout=None):
        """The oldest item; None when there was none for `timeout` seconds.

        Raises Closed when the mailbox is closed and empty.
        """
        # TODO: wait while it is empty
        return self._items.popleft()

    def close(self):
        """No more items: who waits is woken. What is in it can still be taken."""
        self._closed = True

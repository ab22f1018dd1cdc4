"""Queue, LifoQueue and PriorityQueue that wait in our rows.

2.7's own classes poll when they wait with a time-out.  What waits or wakes is written here;
where the items are kept and in which order they come out (`_init`, `_qsize`, `_put`, `_get`)
is inherited from them, and so is what is made of that (`qsize`, `put_nowait`, ...).
"""
from __future__ import absolute_import, division, print_function

import Queue as standard
from Queue import Empty, Full

from portable_server.compat.threads.python2.condition import Condition
from portable_server.compat.threads.python2.lock import Lock


class Queue(standard.Queue, object):
    """`queue.Queue` of Python 3.8: first in, first out.

    maxsize: int, how many items there may be; 0 or less: any number.  Source: library/queue.
    """

    def __init__(self, maxsize=0):
        self.maxsize, self.unfinished_tasks = maxsize, 0
        self.mutex = lock = Lock()
        # Under the names that programs know: some wait for these themselves.
        self.not_empty, self.not_full, self.all_tasks_done = (
            Condition(lock), Condition(lock), Condition(lock))
        self._init(maxsize)

    def put(self, item, block=True, timeout=None):
        """Add `item`; Full if there is no room within `timeout` seconds (None: no limit).

        Without `block` it does not wait.  Raises ValueError for a negative time-out, if
        there is a limit to the items.
        """
        with self.mutex:
            if self.maxsize > 0:
                _wait(self.not_full, self._has_room, block, timeout, Full)
            self._put(item)
            self.not_empty._waiters.open()
            self.unfinished_tasks += 1

    def get(self, block=True, timeout=None):
        """The next item; Empty if there is none within `timeout` seconds (None: no limit).

        Without `block` it does not wait.  Raises ValueError for a negative time-out.
        """
        with self.mutex:
            _wait(self.not_empty, self._qsize, block, timeout, Empty)
            self.not_full._waiters.open()
            return self._get()

    def task_done(self):
        """One item that was fetched is dealt with; ValueError if there was none."""
        with self.mutex:
            if self._all_done():
                raise ValueError('more tasks done than items were put')
            self.unfinished_tasks -= 1
            if self._all_done():
                self.all_tasks_done.notify_all()

    def join(self):
        """Wait until every item put was fetched and reported by `task_done`."""
        with self.mutex:
            self.all_tasks_done.wait_for(self._all_done)

    def full(self):
        """bool: whether there is no room at the moment."""
        with self.mutex:
            return not self._has_room()

    def _has_room(self):
        return self._qsize() < self.maxsize or self.maxsize <= 0

    def _all_done(self):
        return self.unfinished_tasks < 1


def _wait(condition, ready, block, timeout, error):
    if not block:
        timeout = 0
    elif timeout is not None and timeout < 0:
        raise ValueError('a time-out cannot be negative: %r' % (timeout,))
    # By its row, which does not ask whether the lock is held: it is.
    if not condition._waiters.park_until(ready, timeout):
        raise error


class LifoQueue(Queue, standard.LifoQueue):
    """A Queue that gives the newest item first."""


class PriorityQueue(Queue, standard.PriorityQueue):
    """A Queue that gives the smallest item first."""

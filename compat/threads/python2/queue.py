"""Queue, LifoQueue and PriorityQueue: a store, and threads parked until it has items or room.

2.7's own Queue polls when it waits with a time-out.  Empty and Full stay the
interpreter's own, so that code which imports them from `Queue` catches ours.
"""
from __future__ import absolute_import, division, print_function

import heapq
from collections import deque
from Queue import Empty, Full

from portable_server.compat.threads.python2.condition import Condition
from portable_server.compat.threads.python2.lock import Lock


class Queue(object):
    """`queue.Queue` of Python 3.8: first in, first out.

    maxsize: int, how many items there may be; 0 or less: any number.  Source: library/queue.

    `mutex` and the three conditions over it have the names that programs know from the standard
    library, and a subclass may store its items in its own way, as there: `_init`, `_qsize`,
    `_put` and `_get`, all called with the mutex held.
    """

    def __init__(self, maxsize=0):
        self.mutex = Lock()
        self.not_empty, self.not_full, self.all_tasks_done = (
            Condition(self.mutex), Condition(self.mutex), Condition(self.mutex))
        self.maxsize, self.unfinished_tasks = maxsize, 0
        self._init(maxsize)

    def put(self, item, block=True, timeout=None):
        """Add `item`; Full if there is no room within `timeout` seconds (None: no limit).

        Without `block` it does not wait.  Raises ValueError for a negative time-out.
        """
        seconds = _patience(block, timeout)
        with self.mutex:
            if not self._has_room() and not self.not_full._waiters.park_until(
                    self._has_room, seconds):
                raise Full
            self._put(item)
            self.unfinished_tasks += 1
            self.not_empty._waiters.open()

    def get(self, block=True, timeout=None):
        """The next item; Empty if there is none within `timeout` seconds (None: no limit).

        Without `block` it does not wait.  Raises ValueError for a negative time-out.
        """
        seconds = _patience(block, timeout)
        with self.mutex:
            if not self._qsize() and not self.not_empty._waiters.park_until(
                    self._qsize, seconds):
                raise Empty
            item = self._get()
            self.not_full._waiters.open()
        return item

    def put_nowait(self, item):
        """Add `item`, or raise Full."""
        self.put(item, False)

    def get_nowait(self):
        """The next item, or raise Empty."""
        return self.get(False)

    def task_done(self):
        """One item that was fetched is dealt with; ValueError if there were not so many."""
        with self.mutex:
            if self.unfinished_tasks < 1:
                raise ValueError('more tasks done than items were put')
            self.unfinished_tasks -= 1
            if not self.unfinished_tasks:
                self.all_tasks_done._waiters.open_all()

    def join(self):
        """Wait until every item put was fetched and reported by `task_done`."""
        with self.mutex:
            self.all_tasks_done._waiters.park_until(self._is_dealt_with)

    def qsize(self):
        """int: how many items there are at the moment."""
        with self.mutex:
            return self._qsize()

    def empty(self):
        """bool: whether there is no item at the moment."""
        return self.qsize() == 0

    def full(self):
        """bool: whether there is no room at the moment."""
        with self.mutex:
            return not self._has_room()

    def _has_room(self):
        return self.maxsize <= 0 or self._qsize() < self.maxsize

    def _is_dealt_with(self):
        return not self.unfinished_tasks

    def _init(self, maxsize):
        self.queue = deque()

    def _qsize(self):
        return len(self.queue)

    def _put(self, item):
        self.queue.append(item)

    def _get(self):
        return self.queue.popleft()


def _patience(block, timeout):
    """The two arguments as seconds to wait; None: for ever."""
    if not block:
        return 0
    if timeout is not None and timeout < 0:
        raise ValueError('a time-out cannot be negative: %r' % (timeout,))
    return timeout


class LifoQueue(Queue):
    """A Queue that gives the newest item first."""

    def _get(self):
        return self.queue.pop()


class PriorityQueue(Queue):
    """A Queue that gives the smallest item first."""

    def _init(self, maxsize):
        self.queue = []

    def _put(self, item):
        heapq.heappush(self.queue, item)

    def _get(self):
        return heapq.heappop(self.queue)

"""Queue, LifoQueue and PriorityQueue over our own Condition.  (After CPython 3.8.)

2.7's own Queue polls when it waits with a time-out.  Empty and Full stay the
interpreter's own, so that code which imports them from `Queue` catches ours.
"""
from __future__ import absolute_import, division, print_function

from collections import deque
from heapq import heappop, heappush
from Queue import Empty, Full

from portable_server.compat.clock import monotonic
from portable_server.compat.threads.python2.condition import Condition
from portable_server.compat.threads.python2.lock import Lock


class Queue(object):
    """`queue.Queue` of Python 3.8: first in, first out; `maxsize` 0 has no limit."""

    def __init__(self, maxsize=0):
        self.maxsize = maxsize
        self._init(maxsize)
        self.mutex = Lock()
        self.not_empty = Condition(self.mutex)
        self.not_full = Condition(self.mutex)
        self.all_tasks_done = Condition(self.mutex)
        self.unfinished_tasks = 0

    def task_done(self):
        """One item fetched is dealt with; ValueError if there were not so many."""
        with self.all_tasks_done:
            unfinished = self.unfinished_tasks - 1
            if unfinished < 0:
                raise ValueError('task_done() called too many times')
            if unfinished == 0:
                self.all_tasks_done.notify_all()
            self.unfinished_tasks = unfinished

    def join(self):
        """Wait until every item put was fetched and reported by `task_done`."""
        with self.all_tasks_done:
            while self.unfinished_tasks:
                self.all_tasks_done.wait()

    def qsize(self):
        """int: how many items there are at the moment."""
        with self.mutex:
            return self._qsize()

    def empty(self):
        """bool: whether there is no item at the moment."""
        with self.mutex:
            return not self._qsize()

    def full(self):
        """bool: whether there is no room at the moment."""
        with self.mutex:
            return 0 < self.maxsize <= self._qsize()

    def put(self, item, block=True, timeout=None):
        """Add `item`; Full if there is no room, for `timeout` seconds (None: no limit)."""
        with self.not_full:
            if self.maxsize > 0:
                _wait_until(lambda: self._qsize() < self.maxsize,
                            self.not_full, block, timeout, Full)
            self._put(item)
            self.unfinished_tasks += 1
            self.not_empty.notify()

    def get(self, block=True, timeout=None):
        """The next item; Empty if there is none, for `timeout` seconds (None: no limit)."""
        with self.not_empty:
            _wait_until(self._qsize, self.not_empty, block, timeout, Empty)
            item = self._get()
            self.not_full.notify()
            return item

    def put_nowait(self, item):
        """Add `item`, or raise Full."""
        return self.put(item, block=False)

    def get_nowait(self):
        """The next item, or raise Empty."""
        return self.get(block=False)

    # Override these for another order, as with the standard library's Queue.

    def _init(self, maxsize):
        self.queue = deque()

    def _qsize(self):
        return len(self.queue)

    def _put(self, item):
        self.queue.append(item)

    def _get(self):
        return self.queue.popleft()


def _wait_until(ready, condition, block, timeout, error):
    if block and timeout is not None and timeout < 0:
        raise ValueError("'timeout' must be a non-negative number")
    deadline = None if timeout is None else monotonic() + timeout
    while not ready():
        remaining = None if deadline is None else deadline - monotonic()
        if not block or remaining is not None and remaining <= 0.0:
            raise error
        condition.wait(remaining)


class PriorityQueue(Queue):
    """A Queue that gives the smallest item first."""

    def _init(self, maxsize):
        self.queue = []

    def _put(self, item):
        heappush(self.queue, item)

    def _get(self):
        return heappop(self.queue)


class LifoQueue(Queue):
    """A Queue that gives the newest item first."""

    def _init(self, maxsize):
        self.queue = []

    def _get(self):
        return self.queue.pop()

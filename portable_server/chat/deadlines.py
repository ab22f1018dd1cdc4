"""Things to do at a later time: one thread for all of them.

Time-outs of a socket cannot be used here: they belong to the socket, and another
thread writes to it.  A :class:`threading.Timer` would be a thread for each.
"""
from __future__ import absolute_import, division, print_function

import heapq
import itertools
import logging

from portable_server.compat import clock, threads

log = logging.getLogger(__name__)

SWEEP = 1000    # cancelled entries that may lie about before they are cleared


class Deadlines(threads.Thread):
    """A thread that calls functions when their time has come.  The functions must not wait."""

    def __init__(self):
        threads.Thread.__init__(self, name='chat deadlines')
        self.daemon = True
        self._changed = threads.Condition()
        self._heap = []
        self._numbers = itertools.count()
        self._pending = {}
        self._stopping = False

    def after(self, seconds, action):
        """Call ``action()`` in ``seconds``; returns a number for :meth:`cancel`."""
        with self._changed:
            number = next(self._numbers)
            self._pending[number] = action
            heapq.heappush(self._heap, (clock.monotonic() + seconds, number))
            if self._heap[0][1] == number:
                self._changed.notify()
            return number

    def cancel(self, number):
        """False: too late, the action was or is being called."""
        with self._changed:
            cancelled = self._pending.pop(number, None) is not None
            if len(self._heap) > 2 * len(self._pending) + SWEEP:
                self._heap = [entry for entry in self._heap if entry[1] in self._pending]
                heapq.heapify(self._heap)
            return cancelled

    def stop(self):
        """End the thread; what is pending is forgotten."""
        with self._changed:
            self._stopping = True
            self._pending.clear()
            self._changed.notify()

    def run(self):
        action = self._next()
        while action is not None:
            try:
                action()
            except Exception:
                log.exception('a deadline failed')
            action = self._next()

    def _next(self):
        """The next action, when its time has come; None when stopped."""
        with self._changed:
            while not self._stopping:
                self._changed.wait(self._seconds_left())
                if self._heap and self._seconds_left() <= 0:
                    action = self._pending.pop(heapq.heappop(self._heap)[1], None)
                    if action is not None:
                        return action
        return None

    def _seconds_left(self):
        return max(0, self._heap[0][0] - clock.monotonic()) if self._heap else None

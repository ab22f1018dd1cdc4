"""The threads of a server: started, and each joined once it has ended.

A thread cannot join itself, and one that only removed itself from a set might still
be running when `stop` returns. So an ending thread puts itself on a list, and the
next start (or the stop) joins it.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock, threads


class Workers(object):
    """A group of threads. `ended` is each thread's own last call."""

    def __init__(self):
        self._lock = threads.Lock()
        self._running = set()
        self._ended = []

    def start(self, thread):
        """Start a thread of the group; raises what `Thread.start` raises."""
        self.join_ended()
        with self._lock:
            self._running.add(thread)
        try:
            thread.start()
        except BaseException:
            with self._lock:
                self._running.discard(thread)
            raise

    def ended(self):
        """Called by a thread of the group, last."""
        me = threads.current_thread()
        with self._lock:
            if me in self._running:
                self._running.discard(me)
                self._ended.append(me)

    def join_ended(self):
        """Join the threads that have called `ended`; takes no time."""
        if not self._ended:
            return
        with self._lock:
            ended, self._ended = self._ended, []
        for thread in ended:
            thread.join()

    def join_all(self, deadline):
        """Join all threads until `deadline` (compat.clock); return those still running."""
        while True:
            self.join_ended()
            with self._lock:
                thread = next(iter(self._running), None)
                left = len(self._running)
            remaining = deadline - clock.monotonic()
            if thread is None or remaining <= 0:
                return left
            thread.join(remaining)

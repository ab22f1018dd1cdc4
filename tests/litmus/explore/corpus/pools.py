"""Faults: a look at a container, then a change of it that relies on what was seen."""
from __future__ import absolute_import, division, print_function

import collections
import threading


class Pool(object):
    """Not empty when looked at, empty when taken from. redis-py pull request 742."""

    race = ['Pool([7])', 'take()', 'give(8)']

    def __init__(self, connections):
        self._free = list(connections)

    def take(self):
        if self._free:
            return self._free.pop()
        return None

    def give(self, connection):
        self._free.append(connection)


class Window(object):
    """A deque of calls without a lock. ratelimiter (RazerM) pull request 1."""

    def __init__(self):
        self._calls = collections.deque()

    def record(self, moment):
        while len(self._calls) > 0 and self._calls[0] < moment:
            self._calls.popleft()
        self._calls.append(moment)

    def span(self):
        return self._calls[-1] - self._calls[0] if self._calls else 0


class Tickets(object):
    """Limits counted in two steps: more are sold than there are. CWE-367."""

    def __init__(self):
        self._sold = []
        self._lock = threading.Lock()

    def sell(self, name):
        if len(self._sold) >= 1:
            return False
        with self._lock:
            self._sold.append(name)
        return True

    def sold(self):
        with self._lock:
            return list(self._sold)

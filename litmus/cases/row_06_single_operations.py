"""Row 6: a single operation on a built-in container is atomic; no item is lost.

``list.append``, ``deque.append``, ``set.add`` and ``d[k] = v`` by many threads keep
every item on every interpreter. The GIL ensures it on CPython and PyPy, the object's own
lock on free-threaded CPython, and Java's concurrent collections on Jython.

Source: CPython documentation, faq/library, the entry on threads that change global
values, and library/threadsafety; the Jython book, Concurrency.
"""
from __future__ import absolute_import, division, print_function

import collections

from portable_server.litmus import Case, actor, expect

ITEMS = 50


class Append(Case):
    """Two threads append to one list: are all items there?"""

    rows = (6,)
    expectations = (expect('all there', 'A', 'faq/library; library/threadsafety: list'),)
    batch = 20

    def __init__(self):
        self.container = []

    def put(self, item):
        self.container.append(item)

    def fill(self, start):
        for item in range(start, start + ITEMS):
            self.put(item)

    @actor
    def first(self):
        self.fill(0)

    @actor
    def second(self):
        self.fill(ITEMS)

    def observe(self):
        there = sorted(self.container) == list(range(2 * ITEMS))
        return 'all there' if there else 'some lost'


class DequeAppend(Append):
    """The same with a deque."""

    expectations = (expect('all there', 'A', 'library/collections: deque, thread-safe appends'),)

    def __init__(self):
        self.container = collections.deque()


class SetAdd(Append):
    """The same with a set."""

    expectations = (expect('all there', 'A', 'library/threadsafety: set'),)

    def __init__(self):
        self.container = set()

    def put(self, item):
        self.container.add(item)


class DictStore(Append):
    """The same with the keys of a dict."""

    expectations = (expect('all there', 'A', 'faq/library; library/threadsafety: dict'),)

    def __init__(self):
        self.container = {}

    def put(self, item):
        self.container[item] = True

"""Rows 66, 67 and 77: the iterator tools that CPython 3.15 has for threads.

`threading.serialize_iterator` puts a lock around each step of an iterator, so that any
iterator, a generator too, can be shared (row 66; rows 19 and 20 without it);
`threading.synchronized_iterator` makes a function whose iterators are all of that kind (row 77).
`threading.concurrent_tee` gives each thread an iterator of its own over one source
(row 67), which `itertools.tee` does not promise.

Where an interpreter has no such function, the outcome is "absent".

Source: CPython 3.15 documentation, library/threading, "Iterator synchronization".
"""
from __future__ import absolute_import, division, print_function

import threading

from portable_server.litmus import Case, actor, expect

ITEMS = 100
ONCE, EACH_ALL, ABSENT = 'each once', 'each has all', 'absent'


def numbers():
    """A generator: nothing that threads may share as it is."""
    for number in range(ITEMS):
        yield number


class _Tools(Case):
    """Two threads take items, from `sources`, until there are none left."""

    batch = 5
    tool = None

    def __init__(self):
        self.sources = [(), ()] if self.tool is None else self.sources_of(numbers())
        self.taken = [[], []]

    def sources_of(self, iterator):
        """An iterator for each thread."""
        raise NotImplementedError(type(self).__name__ + ' must define sources_of()')

    @actor
    def first(self):
        self.taken[0].extend(self.sources[0])

    @actor
    def second(self):
        self.taken[1].extend(self.sources[1])

    def observe(self):
        return ABSENT if self.tool is None else self.judge()

    def judge(self):
        """The outcome, where the tool is there."""
        raise NotImplementedError(type(self).__name__ + ' must define judge()')


class SerializedIterator(_Tools):
    """Two threads share a generator through a serialized iterator: is each item taken once?"""

    rows = (66,)
    expectations = (expect(ONCE, 'A', 'library/threading: serialize_iterator'),
                    expect(ABSENT, 'A', 'library/threading: new in 3.15'))
    tool = getattr(threading, 'serialize_iterator', None)

    def sources_of(self, iterator):
        shared = type(self).tool(iterator)
        return [shared, shared]

    def judge(self):
        return ONCE if sorted(self.taken[0] + self.taken[1]) == list(range(ITEMS)) else 'other'


class SynchronizedIterator(SerializedIterator):
    """Two threads share what a synchronized generator function made: is each item taken once?"""

    rows = (77,)
    expectations = (expect(ONCE, 'A', 'library/threading: synchronized_iterator'),
                    expect(ABSENT, 'A', 'library/threading: new in 3.15'))
    tool = getattr(threading, 'synchronized_iterator', None)

    def sources_of(self, iterator):
        return [type(self).tool(lambda: iterator)()] * 2


class ConcurrentTee(_Tools):
    """Two threads have an iterator each from one generator: does each get all items?"""

    rows = (67,)
    expectations = (expect(EACH_ALL, 'A', 'library/threading: concurrent_tee'),
                    expect(ABSENT, 'A', 'library/threading: new in 3.15'))
    tool = getattr(threading, 'concurrent_tee', None)

    def sources_of(self, iterator):
        return list(type(self).tool(iterator, n=2))

    def judge(self):
        return EACH_ALL if self.taken == [list(range(ITEMS))] * 2 else 'other'

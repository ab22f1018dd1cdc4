"""Rows 74 and 75: operations on single items of one collection, by two threads.

Row 74 takes items out (``dict.pop``, ``dict.popitem``, ``set.pop``): each goes to one thread.
Row 75 puts many in with one call (``list.extend``, ``set.update``, ``bytearray.extend``): none is
lost.

Jython's dict gives an item of ``popitem`` to both threads, and its ``pop`` can end with an
exception of Java's when another thread was quicker. A bytearray has a lock of its own from
CPython 3.14 on: free-threaded 3.13 crashes or hangs within a second, so that it is not tried.

Source: CPython 3.15 documentation, library/threadsafety (list, dict, set, bytearray); observed
on Jython 2.7 and CPython 3.13t.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import platform
from portable_server.litmus import Case, actor, expect
from portable_server.litmus.cases._taking import ITEMS, ONCE, TWICE, Taking

ALL_THERE, NOT_TRIED = 'all there', 'not tried'


class _OfDict(Taking):
    """The numbers are the keys of a dict."""

    rows = (74,)

    def collection(self):
        return dict((number, number) for number in range(ITEMS))


class SetPop(Taking):
    """Two threads pop from one set until it is empty: does each item come once?"""

    rows = (74,)
    expectations = (expect(ONCE, 'A', 'library/threadsafety: set.pop'),)

    def collection(self):
        return set(range(ITEMS))

    def take(self):
        return self.shared.pop()


class DictPopitem(_OfDict):
    """Two threads call popitem until the dict is empty: does each item come once?"""

    expectations = (expect(ONCE, 'A', 'library/threadsafety: dict.popitem'),
                    expect(TWICE, 'F', 'library/threadsafety; J: observed', J='I'))

    def take(self):
        return self.shared.popitem()[0]


class DictPop(_OfDict):
    """Two threads pop the same keys: does each go to one of them?"""

    expectations = (expect(ONCE, 'A', 'library/threadsafety: dict.pop'),
                    expect('raises NullPointerException', 'F', 'observed only: Java', J='I'))

    def take_all(self, mine):
        mine.extend(key for key in range(ITEMS) if self.shared.pop(key, None) is not None)


class _Added(Case):
    """Two threads put items into one collection, many at one go."""

    rows = (75,)
    batch = 20
    turns = 10
    empty = list

    def __init__(self):
        self.shared = self.empty()

    def add(self, numbers):
        """Put the numbers in with one call."""
        self.shared.extend(numbers)

    def add_all(self, start):
        """All that one thread adds, ten at a time."""
        for begin in range(start, start + ITEMS, ITEMS // self.turns):
            self.add(list(range(begin, begin + ITEMS // self.turns)))

    @actor
    def first(self):
        self.add_all(0)

    @actor
    def second(self):
        self.add_all(ITEMS)

    def observe(self):
        return ALL_THERE if sorted(self.shared) == list(range(2 * ITEMS)) else 'other'


class ListExtend(_Added):
    """Two threads extend one list: is every item in it?"""

    expectations = (expect(ALL_THERE, 'A', 'library/threadsafety: list.extend'),)


class BytearrayExtend(_Added):
    """Two threads extend one bytearray: is every byte in it?"""

    expectations = (expect(ALL_THERE, 'A', 'library/threadsafety: bytearray.extend'),
                    expect(NOT_TRIED, 'F', 'observed only: no lock in 3.13t, which crashes',
                           FT='A'))
    empty = bytearray
    crashes = platform.CLASS == 'FT' and platform.VERSION < (3, 14)

    def add(self, numbers):
        if not self.crashes:
            self.shared.extend(numbers)

    def observe(self):
        return NOT_TRIED if self.crashes else super(BytearrayExtend, self).observe()


class SetUpdate(_Added):
    """Two threads update one set: is every item in it?"""

    expectations = (expect(ALL_THERE, 'A', 'library/threadsafety: set.update'),)
    empty = set

    def add(self, numbers):
        self.shared.update(set(numbers))

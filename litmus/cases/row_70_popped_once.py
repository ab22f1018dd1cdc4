"""Row 70: `list.pop` without an index is one step: each item goes to one thread.

Row 10 is about what is wrong all the same: to look whether there is an item, and then to
take it, are two steps.

Source: CPython 3.15 documentation, library/threadsafety (list: atomic); the Jython book,
concurrency, on methods of built-in types.
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import Case, actor, expect

ITEMS = 100
ONCE = 'each once'


class PoppedOnce(Case):
    """Two threads pop from one list until it is empty: does each item come once?"""

    rows = (70,)
    expectations = (expect(ONCE, 'A', 'library/threadsafety: list.pop'),)
    batch = 10

    def __init__(self):
        self.source = list(range(ITEMS))
        self.taken = [[], []]

    def take_all(self, mine):
        """Take items until there are none left."""
        while True:
            try:
                mine.append(self.source.pop())
            except IndexError:
                return

    @actor
    def first(self):
        self.take_all(self.taken[0])

    @actor
    def second(self):
        self.take_all(self.taken[1])

    def observe(self):
        return ONCE if sorted(self.taken[0] + self.taken[1]) == list(range(ITEMS)) else 'other'

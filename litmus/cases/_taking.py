"""Two threads take the items of one collection, each into a list of its own.

Rows 70 and 74 differ in the collection and in how one item is taken (``take``).
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import Case, actor

ITEMS = 100
ONCE, TWICE = 'each once', 'some twice'


class Taking(Case):
    """Two threads take the numbers below ITEMS until there are none left."""

    batch = 10
    #: What `take` raises when there is none left.
    empty = KeyError

    def __init__(self):
        self.shared = self.collection()
        self.taken = [[], []]

    def collection(self):
        """The numbers below ITEMS."""
        raise NotImplementedError(type(self).__name__ + ' must define collection()')

    def take(self):
        """One item. Raises `empty` when there is none left."""
        raise NotImplementedError(type(self).__name__ + ' must define take()')

    def take_all(self, mine):
        """Take items until there are none left."""
        while True:
            try:
                mine.append(self.take())
            except self.empty:
                return

    @actor
    def first(self):
        self.take_all(self.taken[0])

    @actor
    def second(self):
        self.take_all(self.taken[1])

    def observe(self):
        taken = self.taken[0] + self.taken[1]
        if sorted(taken) == list(range(ITEMS)):
            return ONCE
        return TWICE if set(taken) == set(range(ITEMS)) else 'other'

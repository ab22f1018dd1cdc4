"""Row 70: `list.pop` without an index is one step: each item goes to one thread.

Row 10 is about what is wrong all the same: to look whether there is an item, and then to
take it, are two steps.

Source: CPython 3.15 documentation, library/threadsafety (list: atomic); the Jython book,
concurrency, on methods of built-in types.
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import expect
from portable_server.litmus.cases._taking import ITEMS, ONCE, Taking


class PoppedOnce(Taking):
    """Two threads pop from one list until it is empty: does each item come once?"""

    rows = (70,)
    expectations = (expect(ONCE, 'A', 'library/threadsafety: list.pop'),)
    empty = IndexError

    def collection(self):
        return list(range(ITEMS))

    def take(self):
        return self.shared.pop()

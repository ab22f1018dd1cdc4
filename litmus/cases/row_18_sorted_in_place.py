"""Row 18: a list is seen empty while another thread sorts it.

``l.sort()`` takes all items out of the list, sorts them, and puts them back, so that a
comparison that changes the list can do no harm. A key function is Python code: another
thread runs meanwhile and sees ``[]``. Make a sorted list and give it the name instead:
``self.items = sorted(self.items)``. (``l[:] = sorted(l)`` will not do: it is one step
on CPython, but on Jython a reader saw the list empty in between, once in 259 rounds.)

Jython sorts under the list's lock, which ``len`` takes, too: others wait, and see all
items. That is observed, not promised.

Source: CPython documentation, library/stdtypes, list.sort (its note on CPython), and
library/threadsafety (list).
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import Case, Forced, actor, expect, per_class

FULL = 'seen full'
EMPTY = 'seen empty'


class SortedInPlace(Case):
    """One thread looks at a list that another sorts: does it see it empty?"""

    rows = (18,)
    expectations = (expect(FULL, 'A', 'library/stdtypes: list.sort'),
                    expect(EMPTY, 'I', 'library/stdtypes: list.sort; library/threadsafety'))
    batch = 20

    def __init__(self):
        self.items = list(range(30))
        self.sizes = set()

    def sort(self):
        """Sort the list backwards."""
        self.items.sort(key=lambda number: -number)

    @actor
    def sorter(self):
        for _ in range(4):
            self.sort()

    @actor
    def reader(self):
        for _ in range(100):
            self.sizes.add(len(self.items))

    def observe(self):
        return FULL if self.sizes == set([30]) else EMPTY


class SortedInPlaceForced(Forced):
    """The reader looks while the key function runs; on Jython it has to wait for the sort."""

    rows = (18,)
    schedule = 'sorter:key reader:look sorter:go_on'
    outcome = per_class('size 0', J='impossible')
    patience = 1.0

    def __init__(self):
        self.items = [1]
        self.size = None

    def key(self, item):
        """A key function that lets the reader look in the middle of the sort."""
        self.at('key')
        self.at('go_on')
        return item

    @actor
    def sorter(self):
        self.items.sort(key=self.key)

    @actor
    def reader(self):
        self.at('look')
        self.size = len(self.items)

    def observe(self):
        return 'size %d' % self.size


class SortedInPlaceMended(SortedInPlace):
    """A new list takes the name of the old one: readers see the one or the other, full."""

    mends = 'SortedInPlace'
    expectations = (expect(FULL, 'A', 'faq/library: x = y; sorted() makes a new list'),)

    def sort(self):
        self.items = sorted(self.items, key=lambda number: -number)

"""Row 76: a search in a list while another thread shifts its items.

``item in l`` reads one item after the other and takes no lock, on no interpreter. While
``l.insert(0, x)`` and ``l.pop(0)`` move the rest, an item that is there all the time can be
behind the reader at one moment and ahead of it at the next: it is not found.

Source: CPython 3.15 documentation, library/threadsafety (list: operations that may show states
in between).
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, actor, expect

FOUND, MISSED = 'always found', 'missed'
FILLERS = 50


class _Key(object):
    """An item whose comparison is Python code, at which an interpreter may switch threads."""

    def __init__(self, number):
        self.number = number

    def __eq__(self, other):
        return self.number == other.number

    def __ne__(self, other):
        return not self == other

    __hash__ = None


class ShiftedItems(Case):
    """One thread looks for the last item while another shifts it: is it ever missed?"""

    rows = (76,)
    expectations = (expect(FOUND, 'A', 'the sequential outcome'),
                    expect(MISSED, 'I', 'library/threadsafety: list, item in lst'),
                    expect('raises ConcurrentModificationException', 'F', 'observed only: Java',
                           J='I'))
    batch = 10

    def __init__(self):
        self.wanted = _Key(0)
        self.items = [self.wanted]
        self.found = []

    def look(self):
        """Whether the last item, which nobody takes away, is in the list."""
        return self.wanted in self.items

    def shift(self):
        """Put items in front of the last, and take them out again."""
        for number in range(1, FILLERS):
            self.items.insert(0, _Key(number))
        for number in range(1, FILLERS):
            self.items.pop(0)

    @actor
    def reader(self):
        for _ in range(20):
            self.found.append(self.look())

    @actor
    def writer(self):
        for _ in range(5):
            self.shift()

    def observe(self):
        return FOUND if all(self.found) else MISSED


class ShiftedItemsMended(ShiftedItems):
    """Both under one lock: the item is found every time."""

    mends = 'ShiftedItems'
    expectations = (expect(FOUND, 'A', 'library/threading: Lock'),)

    def __init__(self):
        super(ShiftedItemsMended, self).__init__()
        self.lock = threads.Lock()

    def look(self):
        with self.lock:
            return super(ShiftedItemsMended, self).look()

    def shift(self):
        with self.lock:
            super(ShiftedItemsMended, self).shift()

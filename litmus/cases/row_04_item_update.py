"""Row 4: ``d[k] += 1`` is a look-up, an addition and a store.

Each of the three is safe on every interpreter; the three together are not.

Source: CPython documentation, library/threadsafety (dict).
"""
from __future__ import absolute_import, division, print_function

from compat import threads
from litmus import Case, actor, expect


class ItemUpdate(Case):
    """Two threads count in one dict: are all additions kept?"""

    rows = (4,)
    expectations = (expect('all kept', 'A', 'the sequential outcome'),
                    expect('some lost', 'I', 'library/threadsafety: dict, d[k] += 1'))
    batch = 20
    additions = 50

    def __init__(self):
        self.counts = {'x': 0}

    def add(self):
        for _ in range(self.additions):
            self.counts['x'] += 1

    @actor
    def first(self):
        self.add()

    @actor
    def second(self):
        self.add()

    def observe(self):
        return 'all kept' if self.counts['x'] == 2 * self.additions else 'some lost'


class ItemUpdateMended(ItemUpdate):
    """The same with a Lock: nothing is lost."""

    rows = (4, 5)
    mends = 'ItemUpdate'
    expectations = (expect('all kept', 'A', 'library/threading: Lock'),)

    def __init__(self):
        super(ItemUpdateMended, self).__init__()
        self.lock = threads.Lock()

    def add(self):
        for _ in range(self.additions):
            with self.lock:
                self.counts['x'] += 1

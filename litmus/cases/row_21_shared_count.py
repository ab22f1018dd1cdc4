"""Row 21: ``itertools.count`` shared by threads, as a source of unique numbers.

Popular, and right on CPython and PyPy: the step is one operation under the GIL, and an
atomic one on free-threaded CPython since 3.13. Jython adds without a lock, and gives the
same number to two threads. The portable way is a lock.

Source: CPython, Modules/itertoolsmodule.c, count_next, and issue 117657 (free-threading);
observed on Jython.
"""
from __future__ import absolute_import, division, print_function

import itertools

from portable_server.compat import threads
from portable_server.litmus import Case, actor, expect

ITEMS = 100
UNIQUE = 'unique'


class SharedCount(Case):
    """Two threads draw numbers from one counter: does a number come twice?"""

    rows = (21,)
    expectations = (expect(UNIQUE, 'A', 'the sequential outcome'),
                    expect('duplicates', 'F', 'itertoolsmodule.c, count_next; cpython '
                                              'issue 117657; observed on Jython', J='I'))
    batch = 10

    def __init__(self):
        self.numbers = itertools.count()
        self.drawn = [[], []]

    def draw(self):
        """The next number."""
        return next(self.numbers)

    def draw_all(self, mine):
        for _ in range(ITEMS):
            mine.append(self.draw())

    @actor
    def first(self):
        self.draw_all(self.drawn[0])

    @actor
    def second(self):
        self.draw_all(self.drawn[1])

    def observe(self):
        drawn = self.drawn[0] + self.drawn[1]
        return UNIQUE if len(set(drawn)) == len(drawn) else 'duplicates'


class SharedCountMended(SharedCount):
    """A lock around ``next``: unique on every interpreter."""

    mends = 'SharedCount'
    expectations = (expect(UNIQUE, 'A', 'library/threading: Lock'),)

    def __init__(self):
        super(SharedCountMended, self).__init__()
        self.lock = threads.Lock()

    def draw(self):
        with self.lock:
            return next(self.numbers)

"""Row 16: ``len(s)`` while another thread does ``s ^= big``.

With the GIL the whole ``^=`` is one step for sets of built-in keys: the size is the one
before or the one after. Free-threaded CPython holds the set's lock for all of ``^=``,
but ``len`` takes none, and Jython's set has none: there a size in between shows.

Source: CPython issue 129519; observed on Jython (a set over ConcurrentHashMap).
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, actor, expect

WHOLE = 'before or after'
BETWEEN = 'in between'
_BIG = frozenset(range(500, 1000))


class SetSize(Case):
    """One thread asks for the size that another changes at one go: is one in between seen?"""

    rows = (16,)
    expectations = (expect(WHOLE, 'A', 'the sequential outcomes'),
                    expect(BETWEEN, 'F', 'cpython issue 129519; with a GIL: no switch '
                                         'inside of ^= for built-in keys', FT='I', J='I'))
    batch = 10
    turns = 40

    def __init__(self):
        self.numbers = set(range(500))
        self.sizes = set()

    def change(self):
        """Add all of the big set, or remove it, at one go."""
        self.numbers ^= _BIG

    def look(self):
        """One more size as this thread sees it."""
        self.sizes.add(len(self.numbers))

    @actor
    def writer(self):
        for _ in range(4):
            self.change()

    @actor
    def reader(self):
        for _ in range(self.turns):
            self.look()

    def observe(self):
        return WHOLE if self.sizes <= set([500, 1000]) else BETWEEN


class SetSizeMended(SetSize):
    """Both under one lock: the size before or the size after."""

    mends = 'SetSize'
    expectations = (expect(WHOLE, 'A', 'library/threading: Lock'),)

    def __init__(self):
        super(SetSizeMended, self).__init__()
        self.lock = threads.Lock()

    def change(self):
        with self.lock:
            super(SetSizeMended, self).change()

    def look(self):
        with self.lock:
            super(SetSizeMended, self).look()

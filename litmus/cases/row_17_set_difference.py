"""Row 17: ``s.difference(few)`` while another thread does ``s.difference_update(many)``.

The result should be what was left before or what is left after. With the GIL it is: for
built-in keys both are one step. Free-threaded CPython locks both sets for both. Jython's
set iterates over a ConcurrentHashMap that shrinks meanwhile, and gives a mixture.

Source: CPython, Objects/setobject.c (critical sections); Jython issue 396.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, actor, expect

WHOLE = 'before or after'
MIXED = 'a mixture'
_ALL = frozenset(range(600))
_FEW = frozenset(range(10))
_MANY = frozenset(range(300))


class SetDifference(Case):
    """One thread takes a difference of a set that another makes smaller: is it a mixture?"""

    rows = (17,)
    expectations = (expect(WHOLE, 'A', 'the sequential outcomes'),
                    expect(MIXED, 'F', 'setobject.c: one step, or under the lock of '
                                       'the set; jython issue 396', J='I'))
    batch = 10

    def __init__(self):
        self.numbers = set(_ALL)
        self.results = []

    def look(self):
        """One more difference as this thread sees it."""
        self.results.append(self.numbers.difference(_FEW))

    def shrink(self):
        """Remove half of the set at one go."""
        self.numbers.difference_update(_MANY)

    @actor
    def writer(self):
        self.shrink()

    @actor
    def reader(self):
        for _ in range(4):
            self.look()

    def observe(self):
        due = (_ALL - _FEW, _ALL - _MANY)
        return WHOLE if all(result in due for result in self.results) else MIXED


class SetDifferenceMended(SetDifference):
    """Both under one lock: what was left before or after."""

    mends = 'SetDifference'
    expectations = (expect(WHOLE, 'A', 'library/threading: Lock'),)

    def __init__(self):
        super(SetDifferenceMended, self).__init__()
        self.lock = threads.Lock()

    def look(self):
        with self.lock:
            super(SetDifferenceMended, self).look()

    def shrink(self):
        with self.lock:
            super(SetDifferenceMended, self).shrink()

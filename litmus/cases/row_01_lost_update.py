"""Row 1: ``n += 1`` is a read, an addition and a write, and another thread fits between.

CPython from 3.10 on hands the GIL over only at calls and backward jumps, so the short
body below looks atomic there. Nobody promises it, and free-threaded CPython, Jython
and CPython up to 3.9 show why one must not rely on it.

Source: CPython documentation, howto/free-threading-python; faq/library, "What kinds of
global value mutation are thread-safe?".
"""
from __future__ import absolute_import, division, print_function

from compat import threads
from litmus import Case, Forced, actor, expect

ADDITIONS = 100
KEPT = str(2 * ADDITIONS)


class LostUpdate(Case):
    """Two threads count to a hundred each: are all additions kept?"""

    rows = (1,)
    expectations = (expect('all kept', 'A', 'the sequential outcome'),
                    expect('some lost', 'I', 'howto/free-threading-python: += is not atomic'))
    batch = 20

    def __init__(self):
        self.n = 0

    @actor
    def first(self):
        for _ in range(ADDITIONS):
            self.n += 1

    @actor
    def second(self):
        for _ in range(ADDITIONS):
            self.n += 1

    def observe(self):
        return 'all kept' if str(self.n) == KEPT else 'some lost'


class LostUpdateForced(Forced):
    """The write of the first thread overwrites the second's: one addition lost, each time."""

    rows = (1, 2)
    schedule = 'first:read second:read second:write first:write'
    outcome = '1'

    def __init__(self):
        self.n = 0

    def add(self):
        self.at('read')
        n = self.n
        self.at('write')
        self.n = n + 1

    @actor
    def first(self):
        self.add()

    @actor
    def second(self):
        self.add()

    def observe(self):
        return str(self.n)


class LostUpdateMended(LostUpdate):
    """The same additions with a Lock around each: nothing is lost (row 5)."""

    rows = (1, 5)
    mends = 'LostUpdate'
    expectations = (expect('all kept', 'A', 'library/threading: Lock'),)

    def __init__(self):
        self.n = 0
        self.lock = threads.Lock()

    @actor
    def first(self):
        for _ in range(ADDITIONS):
            with self.lock:
                self.n += 1

    @actor
    def second(self):
        for _ in range(ADDITIONS):
            with self.lock:
                self.n += 1

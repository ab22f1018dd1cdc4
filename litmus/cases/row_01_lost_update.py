"""Row 1: ``n += 1`` is a read, an addition and a write, and another thread fits between.

CPython from 3.10 on hands over the GIL only at calls and backward jumps, so the short
body below looks atomic there. No document promises that. Free-threaded CPython, Jython
and CPython up to 3.9 lose updates.

Source: CPython documentation, howto/free-threading-python; faq/library, the entry on
threads that change global values.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus.cases._counting import Counting, CountingForced, keeps_all, may_lose


class LostUpdate(Counting):
    """Two threads count to a hundred each: are all additions kept?"""

    rows = (1,)
    expectations = may_lose('howto/free-threading-python: += is not atomic')
    additions = 100

    def add(self):
        for _ in range(self.additions):
            self.n += 1


class LostUpdateForced(CountingForced):
    """The write of the first thread overwrites the second's: one addition lost, each time."""

    rows = (1, 2)


class LostUpdateMended(LostUpdate):
    """The same additions with a Lock around each: nothing is lost (row 5)."""

    rows = (1, 5)
    mends = 'LostUpdate'
    expectations = keeps_all('library/threading: Lock')

    def __init__(self):
        super(LostUpdateMended, self).__init__()
        self.lock = threads.Lock()

    def add(self):
        for _ in range(self.additions):
            with self.lock:
                self.n += 1

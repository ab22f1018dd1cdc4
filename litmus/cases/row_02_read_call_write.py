"""Row 2: a read and a write with a call between them, the widest window of all.

A call is where every interpreter may hand over to another thread: CPython 3.10 and
later check for a waiting thread there, so the race that row 1 hides shows itself.

Source: CPython documentation, howto/free-threading-python; observed on all classes.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus.cases._counting import Counting, CountingForced, keeps_all, may_lose


def plus_one(number):
    """Return number + 1; a call, and so a place to lose the turn."""
    return number + 1


class ReadCallWrite(Counting):
    """Two threads read, call and write: are both additions kept?"""

    rows = (2,)
    expectations = may_lose('howto/free-threading-python')

    def add(self):
        for _ in range(self.additions):
            self.n = plus_one(self.n)


class ReadCallWriteForced(CountingForced):
    """Both read before either writes: one addition is lost, each time."""

    rows = (2,)
    schedule = 'first:read second:read first:write second:write'

    def add(self):
        self.at('read')
        number = plus_one(self.n)
        self.at('write')
        self.n = number


class ReadCallWriteLockedForced(ReadCallWriteForced):
    """With a lock around read and write the same schedule cannot be followed."""

    rows = (2, 5)
    mends = 'ReadCallWriteForced'
    outcome = 'impossible'
    patience = 0.5

    def __init__(self):
        super(ReadCallWriteLockedForced, self).__init__()
        self.lock = threads.Lock()

    def add(self):
        with self.lock:
            super(ReadCallWriteLockedForced, self).add()


class ReadCallWriteMended(ReadCallWrite):
    """The same with a Lock: nothing is lost."""

    rows = (2, 5)
    mends = 'ReadCallWrite'
    expectations = keeps_all('library/threading: Lock')

    def __init__(self):
        super(ReadCallWriteMended, self).__init__()
        self.lock = threads.Lock()

    def add(self):
        for _ in range(self.additions):
            with self.lock:
                self.n = plus_one(self.n)

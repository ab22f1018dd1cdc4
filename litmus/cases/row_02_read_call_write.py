"""Row 2: a read and a write with a call between them, the widest window of all.

A call is where every interpreter may hand over to another thread: CPython 3.10 and
later check for a waiting thread there, so the race that row 1 hides shows itself.

Source: CPython documentation, howto/free-threading-python; observed on all classes.
"""
from __future__ import absolute_import, division, print_function

from compat import threads
from litmus import Case, Forced, actor, expect


def plus_one(number):
    """Return number + 1; a call, and so a place to lose the turn."""
    return number + 1


class ReadCallWrite(Case):
    """Two threads read, call and write: are both additions kept?"""

    rows = (2,)
    expectations = (expect('all kept', 'A', 'the sequential outcome'),
                    expect('some lost', 'I', 'howto/free-threading-python'))
    batch = 20
    additions = 50

    def __init__(self):
        self.n = 0

    def add(self):
        for _ in range(self.additions):
            self.n = plus_one(self.n)

    @actor
    def first(self):
        self.add()

    @actor
    def second(self):
        self.add()

    def observe(self):
        return 'all kept' if self.n == 2 * self.additions else 'some lost'


class ReadCallWriteForced(Forced):
    """Both read before either writes: one addition is lost, each time."""

    rows = (2,)
    schedule = 'first:read second:read first:write second:write'
    outcome = '1'

    def __init__(self):
        self.n = 0

    def add(self):
        self.at('read')
        number = plus_one(self.n)
        self.at('write')
        self.n = number

    @actor
    def first(self):
        self.add()

    @actor
    def second(self):
        self.add()

    def observe(self):
        return str(self.n)


class ReadCallWriteLockedForced(ReadCallWriteForced):
    """With a lock around read and write the same schedule cannot be followed."""

    rows = (2, 5)
    mends = 'ReadCallWriteForced'
    outcome = 'impossible'
    patience = 0.5

    def __init__(self):
        self.n = 0
        self.lock = threads.Lock()

    def add(self):
        with self.lock:
            self.at('read')
            number = plus_one(self.n)
            self.at('write')
            self.n = number


class ReadCallWriteMended(ReadCallWrite):
    """The same with a Lock: nothing is lost."""

    rows = (2, 5)
    mends = 'ReadCallWrite'
    expectations = (expect('all kept', 'A', 'library/threading: Lock'),)

    def __init__(self):
        self.n = 0
        self.lock = threads.Lock()

    def add(self):
        for _ in range(self.additions):
            with self.lock:
                self.n = plus_one(self.n)

"""Row 5: read, modify and write under one Lock, and nothing is lost.

The same three steps as in rows 1 and 2, but nobody else can come between them. The
forced schedule that loses an addition there is impossible here: the second thread waits
for the lock. With a lock that does not exclude, the schedule goes through and loses one:
this is how the catalogue knows that the lock does something (row 46).

Source: library/threading: Lock.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, Forced, actor, expect

ADDITIONS = 20


class CountedUnderLock(Case):
    """Read, call, write, a Lock around: are all additions kept?"""

    rows = (5,)
    mends = 'row_02_read_call_write.ReadCallWrite'
    expectations = (expect('all kept', 'A', 'library/threading: Lock'),)
    batch = 20
    #: What becomes of the lock; a control breaks it here.
    tampered = staticmethod(lambda lock: lock)

    def __init__(self):
        self.n = 0
        self.lock = self.tampered(threads.Lock())

    def add(self):
        with self.lock:
            n = self.n
            self.between()
            self.n = n + 1

    def between(self):
        """A call, where every interpreter may let another thread run."""

    @actor
    def first(self):
        for _ in range(ADDITIONS):
            self.add()

    @actor
    def second(self):
        for _ in range(ADDITIONS):
            self.add()

    def observe(self):
        return 'all kept' if self.n == 2 * ADDITIONS else 'some lost'


class CountedUnderLockForced(Forced):
    """The schedule of the lost update cannot be followed: the lock is in its way."""

    rows = (5,)
    mends = 'row_01_lost_update.LostUpdateForced'
    schedule = 'first:read second:read second:write first:write'
    outcome = 'impossible'
    patience = 1.0
    tampered = staticmethod(lambda lock: lock)

    def __init__(self):
        self.n = 0
        self.lock = self.tampered(threads.Lock())

    def add(self):
        with self.lock:
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

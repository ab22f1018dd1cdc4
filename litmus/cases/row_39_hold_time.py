"""Row 39: rule 1, hold a lock only briefly.

Every thread that needs the lock waits until its holder releases it. The watch measures
each hold and reports one that exceeds the limit: the lock's name, the thread, where it
was acquired and where it was released. A wait for the lock's own condition does not
count as a hold (row 41).

Source: own rule 1; library/threading for what a Lock is. The Linux kernel measures the
same with lockstat (hold times) and khungtaskd.
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import expect
from portable_server.litmus.watched import NOTHING, WatchedCase


class HeldTooLong(WatchedCase):
    """Two seconds of work under a lock that may be held for one."""

    rows = (39,)
    expectations = (expect('held-too-long of table', 'A', 'own rule 1'),)

    def lesson(self):
        with self.new_lock('table'):
            self.pass_time(2)


class HeldTooLongByMany(HeldTooLong):
    """Short steps add up: the lock is not given back between them."""

    def lesson(self):
        with self.new_lock('table'):
            for _ in range(10):
                self.pass_time(0.2)


class HeldTooLongTellsWhere(HeldTooLong):
    """The report says which lock, which thread, and where it was taken and given back."""

    expectations = (expect('table by actor-alone from take to give_back', 'A', 'own rule 1'),)

    def lesson(self):
        lock = self.new_lock('table')
        self.take(lock)
        self.pass_time(2)
        self.give_back(lock)

    def take(self, lock):
        lock.acquire()

    def give_back(self, lock):
        lock.release()

    def observe(self):
        return ', '.join(
            '%s by %s from %s to %s' % (report.lock, report.thread, _named(report.acquired, 'take'),
                                        _named(report.violated, 'give_back'))
            for report in self.session.reports) or NOTHING


def _named(stack, function):
    """``function`` where the stack has it, else ``'?'``."""
    return function if function in [frame[2] for frame in stack] else '?'


class HeldTooLongMended(WatchedCase):
    """The work is done outside of the lock; only its result is put in under it."""

    rows = (39,)
    mends = 'HeldTooLong'
    expectations = (expect(NOTHING, 'A', 'own rule 1'),)

    def lesson(self):
        lock = self.new_lock('table')
        for _ in range(10):
            self.pass_time(0.9)
            with lock:
                self.pass_time(0.1)

"""Row 42: an exception to a rule is explicit, named, scoped, counted and listed.

Some locks must be slept under: a write lock of one client is there for that very send.
Then the code says so at the place, by a name and with a reason. The watch counts how
often it was needed, lists all of them in its report, and reports what they don't cover:
another kind, another thread, another time.

Source: own rules 1 and 2.
"""
from __future__ import absolute_import, division, print_function

import time

from portable_server.compat import threads
from portable_server.litmus import expect, watch
from portable_server.litmus.watched import NOTHING, WatchedCase

MOMENT = 0.0001
BLOCKED = ('blocked-while-holding',)


class NotCovered(WatchedCase):
    """The allowance is over, for another kind of violation, or another thread's."""

    rows = (42,)
    expectations = (expect(', '.join(['blocked-while-holding of table'] * 3), 'A', 'own rule 2'),)

    def lesson(self):
        lock = self.new_lock('table')
        with watch.allow('nap', why='not yet', kinds=BLOCKED):
            pass
        with lock:
            time.sleep(MOMENT)
        with watch.allow('hold', why='another kind', kinds=('held-too-long',)):
            with lock:
                time.sleep(MOMENT)
        with watch.allow('mine', why='another thread', kinds=BLOCKED):
            other = threads.Thread(target=self.nap, args=(lock,))
            other.start()
            other.join(5)

    def nap(self, lock):
        with lock:
            time.sleep(MOMENT)


class Covered(WatchedCase):
    """Counted twice, listed with its reason, and no report."""

    rows = (42,)
    mends = 'NotCovered'
    expectations = (expect('no report; used 2; listed', 'A', 'own rule 2'),)

    def lesson(self):
        lock = self.new_lock('table')
        for _ in range(2):
            with watch.allow('nap', why='the point of this lesson', kinds=BLOCKED):
                with lock:
                    time.sleep(MOMENT)

    def observe(self):
        listed = 'the point of this lesson' in self.session.text()
        return '%s; used %d; %s' % (super(Covered, self).observe(),
                                    self.session.allowances['nap'].used,
                                    'listed' if listed else 'not listed')


class NotNeeded(Covered):
    """An allowance that nothing needs is listed with a count of 0: time to take it out."""

    mends = None
    expectations = (expect('no report; used 0; listed', 'A', 'own rule 2'),)

    def lesson(self):
        with watch.allow('nap', why='the point of this lesson', kinds=BLOCKED):
            with self.new_lock('table'):
                pass

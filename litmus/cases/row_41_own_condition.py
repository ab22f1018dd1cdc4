"""Row 41: ``cond.wait()`` is legal while the thread holds no lock but the condition's own.

A Condition releases its lock while it waits, so no other thread is kept out: the wait
does not break rule 2, and rule 1 does not count it. Any *other* lock stays held during
the wait, and the thread that should notify may be waiting for that one.

Source: library/threading: Condition.wait; own rules 1 and 2.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import expect
from portable_server.litmus.watched import NOTHING, WatchedCase

MOMENT = 0.0001


class WaitUnderAnotherLock(WatchedCase):
    """The condition's own lock is given back, the table's is not."""

    rows = (41,)
    expectations = (expect('blocked-while-holding of table', 'A', 'own rule 2'),)

    def lesson(self):
        condition = threads.Condition(self.new_lock('news'))
        with self.new_lock('table'):
            with condition:
                condition.wait(MOMENT)


class WaitTwoConditions(WaitUnderAnotherLock):
    """A second condition is another lock as well."""

    def lesson(self):
        other = threads.Condition(self.new_lock('table'))
        condition = threads.Condition(self.new_lock('news'))
        with other:
            with condition:
                condition.wait(MOMENT)


class WaitMended(WatchedCase):
    """Alone with its own lock."""

    rows = (41,)
    mends = 'WaitUnderAnotherLock'
    expectations = (expect(NOTHING, 'A', 'library/threading: Condition.wait; own rule 2'),)

    def lesson(self):
        condition = threads.Condition(self.new_lock('news'))
        with self.new_lock('table'):
            pass
        with condition:
            condition.wait(MOMENT)


class LongWait(WatchedCase):
    """Ten seconds in the own wait, by a helper's clock: nothing was held meanwhile."""

    rows = (39, 41)
    expectations = (expect(NOTHING, 'A', 'library/threading: Condition.wait; own rule 1'),)

    def lesson(self):
        condition, waiting, come = threads.Condition(self.new_lock('news')), threads.Event(), []

        def bring():
            waiting.wait(5)
            with condition:     # free as soon as the other one waits
                pass
            self.pass_time(10)
            with condition:
                come.append(True)
                condition.notify()

        helper = threads.Thread(target=bring)
        helper.start()
        with condition:
            waiting.set()
            while not come:
                condition.wait(5)
        helper.join(5)

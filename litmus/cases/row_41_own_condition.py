"""Row 41: ``cond.wait()`` is legal with its own lock alone.

A Condition gives its lock back while it waits, so nobody is kept out: neither rule 2 nor
the clock of rule 1 is touched. Any *other* lock stays held through the wait, and whoever
was to notify may be waiting for just that one.

Source: library/threading: Condition.wait "releases the underlying lock"; own rules 1, 2.
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

"""Row 33: wait and notify need the condition's lock; wait with a time-out says how it ended.

Without the lock the state could change between the look at it and the wait, and the
notification would be lost (row 34): hence the RuntimeError. The answer of ``wait`` is
False after a time-out and True otherwise (None on CPython 2.7 and Jython, until
``compat``); it does not say that the state is as hoped for.

Source: library/threading: Condition.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, actor, expect

LIMIT = 60.0    # seconds, beyond the patience of a run: a lost wake-up is a HANG, not just late
SHORT = 0.005


class WaitWithoutLock(Case):
    """A thread waits for a Condition whose lock it does not hold."""

    rows = (33,)
    expectations = (expect('raises RuntimeError', 'A', 'library/threading: Condition'),)

    def __init__(self):
        self.condition = threads.Condition()

    @actor
    def careless(self):
        self.condition.wait(SHORT)

    def observe(self):
        return 'no exception'


class NotifyWithoutLock(WaitWithoutLock):
    """A thread notifies a Condition whose lock it does not hold."""

    @actor
    def careless(self):
        self.condition.notify()


class NotifyAllWithoutLock(WaitWithoutLock):
    """The same with notify_all, and a Condition made of a plain Lock."""

    def __init__(self):
        self.condition = threads.Condition(threads.Lock())

    @actor
    def careless(self):
        self.condition.notify_all()


class WaitTimesOut(Case):
    """Nobody notifies: what does wait(timeout) return?"""

    rows = (33,)
    expectations = (expect('False', 'A', 'library/threading: Condition.wait'),)
    batch = 5

    def __init__(self):
        self.condition = threads.Condition()
        self.waiting = threads.Event()
        self.answer = None

    @actor
    def waiter(self):
        with self.condition:
            self.waiting.set()
            self.answer = self.condition.wait(SHORT)

    def observe(self):
        return repr(self.answer)


class WaitIsNotified(WaitTimesOut):
    """Somebody notifies: what does wait(timeout) return?"""

    expectations = (expect('True', 'A', 'library/threading: Condition.wait'),)

    @actor
    def waiter(self):
        with self.condition:
            self.waiting.set()
            self.answer = self.condition.wait(LIMIT)

    @actor
    def notifier(self):
        self.waiting.wait(LIMIT)
        with self.condition:    # got only once the waiter waits
            self.condition.notify()

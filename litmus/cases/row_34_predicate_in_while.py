"""Row 34: test the predicate of a Condition in a ``while``, never in an ``if``.

A thread that wakes up must test the predicate again: ``notify_all`` may wake more threads
than can be served, another thread may be faster, ``notify(n)`` may wake more than n, and
a notification before the wait is not kept. ``while not predicate: wait()`` (or
``wait_for``) is right in all four cases, because it tests before the wait and after it.

Source: library/threading: Condition Objects, the paragraph on the ``while`` loop;
Condition.notify; POSIX, pthread_cond_wait, on spurious wake-ups.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, Forced, actor, expect

LIMIT = 60.0    # seconds, beyond the patience of a run: a lost wake-up is a HANG, not just late
SHORT = 0.02


class IfInsteadOfWhile(Case):
    """Two consumers look with ``if``, an item comes for one, both wake: does one get none?"""

    rows = (34,)
    expectations = (expect('each got one', 'A', 'the second item came in time'),
                    expect('raises IndexError', 'I', 'library/threading: Condition, "while"'))
    batch = 10

    def __init__(self):
        self.items = []
        self.condition = threads.Condition()
        self.waiting = threads.Semaphore(0)

    def take(self):
        with self.condition:
            self.waiting.release()
            self.wait_for_item()
            self.items.pop()

    def wait_for_item(self):
        if not self.items:
            self.condition.wait(LIMIT)

    def put(self):
        with self.condition:
            self.items.append('item')
            self.condition.notify_all()

    def both_wait(self):
        for _ in range(2):
            self.waiting.acquire(timeout=LIMIT)

    @actor
    def first(self):
        self.take()

    @actor
    def second(self):
        self.take()

    @actor
    def producer(self):
        self.both_wait()
        self.put()
        self.put()

    def observe(self):
        return 'some left' if self.items else 'each got one'


class IfInsteadOfWhileForced(IfInsteadOfWhile, Forced):
    """Both wait, one item comes, both are woken: the later one finds none, each time."""

    expectations = ()
    schedule = 'producer:put'
    outcome = 'raises IndexError'

    @actor
    def producer(self):
        self.both_wait()
        self.at('put')
        self.put()


class IfInsteadOfWhileMended(IfInsteadOfWhile):
    """The same with ``while``: the later one waits on, for the second item."""

    mends = 'IfInsteadOfWhile'
    expectations = (expect('each got one', 'A', 'library/threading: Condition, "while"'),)

    def wait_for_item(self):
        while not self.items:
            self.condition.wait(LIMIT)


class WaitForMended(IfInsteadOfWhile):
    """The same with ``wait_for``, which is that loop."""

    mends = 'IfInsteadOfWhile'
    expectations = (expect('each got one', 'A', 'library/threading: Condition.wait_for'),)

    def wait_for_item(self):
        self.condition.wait_for(lambda: self.items, LIMIT)


class SpuriousWakeup(IfInsteadOfWhile):
    """A third thread notifies all the time, for nothing: does the ``while`` bear it?"""

    expectations = (expect('each got one', 'A', 'library/threading: Condition, "while"'),)

    def wait_for_item(self):
        while not self.items:
            self.condition.wait(LIMIT)

    @actor
    def pest(self):
        for _ in range(20):
            with self.condition:
                self.condition.notify_all()


class NotifyTooEarly(Case):
    """A notification that comes before the wait: is it kept?"""

    rows = (34,)
    expectations = (expect('notified', 'A', 'the waiter came first'),
                    expect('missed', 'I', 'library/threading: Condition.notify wakes who waits'))
    batch = 5

    def __init__(self):
        self.condition = threads.Condition()
        self.ready = False
        self.answer = None

    @actor
    def waiter(self):
        with self.condition:
            self.answer = self.condition.wait(SHORT)

    @actor
    def notifier(self):
        with self.condition:
            self.ready = True
            self.condition.notify()

    def observe(self):
        return 'notified' if self.answer else 'missed'


class NotifyTooEarlyForced(NotifyTooEarly, Forced):
    """notify, then wait: missed, each time."""

    expectations = ()
    schedule = 'notifier:notify waiter:wait'
    outcome = 'missed'

    @actor
    def waiter(self):
        self.at('wait')
        super(NotifyTooEarlyForced, self).waiter()

    @actor
    def notifier(self):
        self.at('notify')
        super(NotifyTooEarlyForced, self).notifier()


class NotifyTooEarlyMended(NotifyTooEarly):
    """What is waited for is kept in a variable and looked at first: never missed."""

    mends = 'NotifyTooEarly'
    expectations = (expect('notified', 'A', 'library/threading: Condition.wait_for'),)
    batch = 20

    @actor
    def waiter(self):
        with self.condition:
            self.answer = self.condition.wait_for(lambda: self.ready, LIMIT)


class NotifySome(Case):
    """Four wait, notify(2): how many wake before the others are notified too?"""

    rows = (34,)
    expectations = (expect('2 woke', 'A', 'library/threading: Condition.notify'),
                    expect('more woke', 'I', 'library/threading: Condition.notify'))
    batch = 5

    def __init__(self):
        self.condition = threads.Condition()
        self.waiting, self.served = threads.Semaphore(0), threads.Semaphore(0)
        self.phase = 'some'
        self.seats = 0
        self.woken = []

    def wait_until_served(self):
        self.condition.wait(LIMIT)

    def serve(self, count):
        self.seats += count
        self.condition.notify(count)

    def visit(self):
        with self.condition:
            self.waiting.release()
            self.wait_until_served()
            self.seats -= 1
            self.woken.append(self.phase)
        self.served.release()

    @actor
    def first(self):
        self.visit()

    @actor
    def second(self):
        self.visit()

    @actor
    def third(self):
        self.visit()

    @actor
    def fourth(self):
        self.visit()

    @actor
    def notifier(self):
        for signal, phase, count in ((self.waiting, 'some', 4), (self.served, 'all', 2)):
            for _ in range(count):
                signal.acquire(timeout=LIMIT)
            with self.condition:
                self.phase = phase
                self.serve(2)

    def observe(self):
        count = self.woken.count('some')
        return '%s woke' % (count if count <= 2 else 'more')


class NotifyAllForTwo(NotifySome):
    """All four are woken for two seats and look with ``while``: are two served?"""

    mends = 'NotifySome'
    expectations = (expect('2 woke', 'A', 'library/threading: Condition, "while"'),)

    def wait_until_served(self):
        while not self.seats:
            self.condition.wait(LIMIT)

    def serve(self, count):
        self.seats += count
        self.condition.notify_all()

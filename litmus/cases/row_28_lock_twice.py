"""Row 28: a Lock is not re-entrant, not even for the thread that holds it.

A second ``acquire`` by the holder waits for a release that only the holder would do: it
waits for ever. ``acquire(False)`` says so at once. Where a function that holds the lock
calls another that takes it, either give the inner one a name that says "lock held" and
let it take nothing, or use an RLock, which counts.

Source: library/threading: Lock, RLock.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, Forced, actor, expect


class SecondAcquire(Case):
    """The holder asks for its Lock again, without waiting: is it given twice?"""

    rows = (28,)
    expectations = (expect('refused', 'A', 'library/threading: Lock.acquire'),)
    new_lock = staticmethod(threads.Lock)

    def __init__(self):
        self.lock = self.new_lock()
        self.again = None

    @actor
    def holder(self):
        with self.lock:
            self.again = self.lock.acquire(False)
            if self.again:
                self.lock.release()

    def observe(self):
        return 'given twice' if self.again else 'refused'


class SecondAcquireMended(SecondAcquire):
    """The same with an RLock: its holder may take it again."""

    mends = 'SecondAcquire'
    expectations = (expect('given twice', 'A', 'library/threading: RLock.acquire'),)
    new_lock = staticmethod(threads.RLock)


class SecondAcquireForced(Forced):
    """The holder waits for its own Lock: it never gets on before somebody else releases it."""

    rows = (28,)
    schedule = 'holder:take holder:take_again holder:go_on rescuer:release'
    outcome = 'impossible'
    patience = 0.3

    def __init__(self):
        self.lock = threads.Lock()

    @actor
    def holder(self):
        self.at('take')
        self.lock.acquire()
        self.at('take_again')
        self.lock.acquire()
        self.at('go_on')

    @actor
    def rescuer(self):
        self.at('release')
        self.lock.release()

    def observe(self):
        return 'the holder went on'


class OneWinner(Case):
    """Two threads ask for one free Lock at the same time: does exactly one get it?"""

    rows = (28,)
    expectations = (expect('one winner', 'A', 'library/threading: Lock'),)
    new_lock = staticmethod(threads.Lock)

    def __init__(self):
        self.lock = self.new_lock()
        self.answers = [None, None]

    @actor
    def first(self):
        self.answers[0] = self.lock.acquire(False)

    @actor
    def second(self):
        self.answers[1] = self.lock.acquire(False)

    def observe(self):
        return 'one winner' if sum(self.answers) == 1 else '%d winners' % sum(self.answers)


class OneWinnerOfRLock(OneWinner):
    """The same with an RLock: re-entrant for its holder, closed for the other."""

    expectations = (expect('one winner', 'A', 'library/threading: RLock'),)
    new_lock = staticmethod(threads.RLock)

"""Row 26: initialise once, the double-checked way.

Check, lock, check again: one instance, and no lock on the fast path. Without the lock
two threads may both find nothing and make two.

Source: library/threading (Lock); the Jython book, Concurrency, for the publication.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, Forced, actor, expect


class InitialiseOnce(Case):
    """Two threads want the one instance, without a lock: are there two?"""

    rows = (26,)
    expectations = (expect('one', 'A', 'the sequential outcome'),
                    expect('two', 'I', 'row 9: check, then act'))

    def __init__(self):
        self.instance = None
        self.lock = threads.Lock()
        self.got = [None, None]

    def get(self):
        if self.instance is None:
            self.instance = object()
        return self.instance

    @actor
    def first(self):
        self.got[0] = self.get()

    @actor
    def second(self):
        self.got[1] = self.get()

    def observe(self):
        return 'one' if self.got[0] is self.got[1] else 'two'


class InitialiseOnceForced(InitialiseOnce, Forced):
    """Both check before either makes one: two instances, each time."""

    expectations = ()
    schedule = 'first:check second:check first:make second:make'
    outcome = 'two'

    def get(self):
        self.at('check')
        if self.instance is None:
            self.at('make')
            self.instance = mine = object()
            return mine
        return self.instance


class InitialiseOnceMended(InitialiseOnce):
    """Double-checked under a lock: one instance."""

    mends = 'InitialiseOnce'
    expectations = (expect('one', 'A', 'library/threading: Lock'),)

    def get(self):
        if self.instance is None:
            with self.lock:
                if self.instance is None:
                    self.instance = object()
        return self.instance

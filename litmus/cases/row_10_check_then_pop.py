"""Row 10: ``while l: l.pop()`` can pop from an empty list.

The list was not empty when it was asked. Ask for forgiveness instead: pop, and take
the IndexError as the end; or use a Queue.

Source: CPython documentation, library/threadsafety (list).
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import Case, Forced, actor, expect


class CheckThenPop(Case):
    """Two threads empty one list: does one pop too often?"""

    rows = (10,)
    expectations = (expect('emptied', 'A', 'the sequential outcome'),
                    expect('raises IndexError', 'I', 'library/threadsafety: list'))

    def __init__(self):
        self.items = [1, 2, 3]

    def empty(self):
        while self.items:
            self.items.pop()

    @actor
    def first(self):
        self.empty()

    @actor
    def second(self):
        self.empty()

    def observe(self):
        return 'emptied' if not self.items else 'some left'


class CheckThenPopForced(CheckThenPop, Forced):
    """Both see the last item, both pop: IndexError, each time."""

    expectations = ()
    schedule = 'first:check second:check first:pop second:pop'
    outcome = 'raises IndexError'

    def __init__(self):
        self.items = [1]

    def empty(self):
        self.at('check')
        if self.items:
            self.at('pop')
            self.items.pop()


class CheckThenPopMended(CheckThenPop):
    """Pop first and take IndexError for the end: every item is popped once."""

    mends = 'CheckThenPop'
    expectations = (expect('emptied', 'A', 'library/threadsafety: list.pop is atomic'),)

    def empty(self):
        try:
            while True:
                self.items.pop()
        except IndexError:
            pass

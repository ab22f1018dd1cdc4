"""Force two calls into each other: the second runs between any two lines of the first.

A race that needs luck is no test. Here the first call runs under a trace function, which stops it
before its first line, then (in a new turn) before its second, and so on through the student's file;
each time the second call gets a moment in a thread of its own. If it has to wait for a lock that the
first one holds, the moment passes and the first goes on, as it would without us. So a right module is
never accused, and a wrong one is caught at the very line where its step is in two pieces.

Jython calls trace functions under a lock of its own, which would stop the second call too. There the
two are let go at the same moment instead, some dozens of times; a wrong module fails in the first few.
"""
from __future__ import absolute_import, division, print_function

import sys
import time

from exercise_kit import Task, ask, together

MOMENT = 0.1    # seconds that the second call gets; it needs them only where it has to wait
MOST_LINES = 60
TURNS, FEWEST, SECONDS = 200, 20, 1.5    # where lines cannot be stopped at (a turn takes 50 ms)


def between_lines(module, start, first, second, judge):
    """Call `judge(state, what first gave, what second gave)` for each way to interleave them.

    `start()` makes a new state for each turn; `first(state)` and `second(state)` are the calls.
    """
    if sys.platform.startswith('java'):
        end = time.time() + SECONDS
        for turn in range(TURNS):
            if turn >= FEWEST and time.time() > end:
                return
            state = start()
            one, two = together('two calls at once', [lambda: first(state), lambda: second(state)])
            judge(state, one, two)
        return
    for number in range(MOST_LINES):
        state = start()
        turn = _Turn(number, lambda: second(state))
        one = Task('the first of two calls at once', turn.run, lambda: first(state)).result()
        if turn.second is None:  # the first call has no so many lines: all ways have been tried
            judge(state, one, second(state))
            return
        judge(state, one, turn.second.result())


class _Turn(object):
    """One run of the first call, stopped before one of its lines."""

    def __init__(self, number, second):
        self._number, self._call = number, second
        self.second = None

    def run(self, first):
        """The first call, traced; what it gives."""
        ask('trace', self._reached, number=self._number)
        try:
            return first()
        finally:
            ask('untrace')

    def _reached(self):
        if self.second is None:
            self.second = Task('the second of two calls at once', self._call)
            self.second.wait(MOMENT)

"""Force two calls into each other: the second runs between any two lines of the first.

A race that needs luck is no test. Here the first call runs under a trace function, which stops it
before its first line, then (in a new turn) before its second, and so on through the student's file;
each time the second call gets a moment in a thread of its own. If it has to wait for a lock that the
first one holds, the moment passes and the first goes on, as it would without us. So a right module is
never accused, and a wrong one is caught at the very line where its step is in two pieces.

Jython calls trace functions under a lock of its own, which would stop the second call too. There the
two are let go at the same moment instead, some hundreds of times.
"""
from __future__ import absolute_import, division, print_function

import sys

from exercise_kit import Task, together

MOMENT = 0.1    # seconds that the second call gets; it needs them only where it has to wait
MOST_LINES = 60
TURNS = 200     # where lines cannot be stopped at


def between_lines(module, start, first, second, judge):
    """Call `judge(state, what first gave, what second gave)` for each way to interleave them.

    `start()` makes a new state for each turn; `first(state)` and `second(state)` are the calls.
    """
    if sys.platform.startswith('java'):
        for _ in range(TURNS):
            state = start()
            one, two = together('two calls at once', [lambda: first(state), lambda: second(state)])
            judge(state, one, two)
        return
    path = module.__file__.replace('.pyc', '.py')
    for number in range(MOST_LINES):
        state = start()
        turn = _Turn(path, number, lambda: second(state))
        one = Task('the first of two calls at once', turn.run, lambda: first(state)).result()
        if turn.second is None:  # the first call has no so many lines: all ways have been tried
            judge(state, one, second(state))
            return
        judge(state, one, turn.second.result())


class _Turn(object):
    """One run of the first call, stopped before one of its lines."""

    def __init__(self, path, number, second):
        self._path, self._left, self._call = path, number, second
        self.second = None

    def run(self, first):
        """The first call, traced; what it gives."""
        sys.settrace(self._trace)
        try:
            return first()
        finally:
            sys.settrace(None)

    def _trace(self, frame, event, _):
        if frame.f_code.co_filename != self._path:
            return None
        if event == 'line':
            if self._left == 0 and self.second is None:
                self.second = Task('the second of two calls at once', self._call)
                self.second.wait(MOMENT)
            self._left -= 1
        return self._trace

"""The GIL's switch interval follows the number of threads.

A thread that waits for the GIL wakes after every switch interval to ask for it, and the
one that has it then gives it up. Two evils pull the interval in opposite directions:

convoy   one thread computes, the others have short requests, and each waits a whole
         interval to be let in. CPython's default, 5 ms, makes that 160 requests/s at one
         connection, 50 us makes it thousands, and costs nothing while nobody computes.
burst    thousands of threads are woken at once, and the processor is spent on their waking
         up and asking. CPython 3.13 with 10,000 threads: 99 lines/s at 5 ms, 10,000 and
         more at half a second.

So the interval grows with the threads: with their square, since all of them ask and each
is let in only after all others. It is short for a handful, the default for a hundred,
and long for a thousand. Without a GIL, or on 2.7 (which counts bytecodes instead),
there is nothing to set.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads

USUAL = 0.005               # CPython's default, seconds
SHORTEST = 0.00005
LONGEST = 0.5
PER_SQUARED_THREAD = 5e-7


def interval_for(count):
    """The switch interval in seconds for that many threads."""
    return min(LONGEST, max(SHORTEST, PER_SQUARED_THREAD * count * count))


class Pace(object):
    """Sets the interval when the number of threads has changed by a quarter or more."""

    def __init__(self, interval=None):
        """`interval`: to be kept whatever the number, in seconds; None: it follows."""
        self._fixed = interval
        self._least = self._most = 0    # for these numbers of threads it stays as it is

    def start(self):
        """Set it for one thread; False where the interpreter has no such interval."""
        self._set_for(1)
        return threads.set_switch_interval(self._fixed or interval_for(1))

    def follow(self, count):
        """There are `count` threads now. The caller holds a lock."""
        if self._fixed is None and not self._least <= count <= self._most:
            self._set_for(count)
            threads.set_switch_interval(interval_for(count))

    def _set_for(self, count):
        self._least, self._most = count * 3 // 4, count * 5 // 4 + 1

    def reset(self):
        """Back to the usual one."""
        threads.set_switch_interval(USUAL)

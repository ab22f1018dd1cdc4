"""The GIL's switch interval follows the number of threads.

A thread that waits for the GIL wakes every switch interval (5 ms) to ask for it.
When a message wakes thousands of threads at once, they spend the processor on
waking up and asking: CPython 3.13 with 10,000 threads was measured at 99 lines a
second, with a longer interval at more than 10,000.  A long interval would let a
thread that computes hold the others up for as long; the chat's threads all wait
for I/O after microseconds, so nobody uses an interval up.  Without a GIL, or on 2.7
(which counts bytecodes instead), there is nothing to set.
"""
from __future__ import absolute_import, division, print_function

from compat import threads

USUAL = 0.005       # CPython's default, seconds
PER_THREAD = 0.0005
LONGEST = 0.5


class Pace(object):
    """Sets the interval when the number of threads has doubled or halved."""

    def __init__(self):
        self._set_for = 0

    def follow(self, count):
        """There are ``count`` threads now.  The caller holds a lock."""
        if count > 2 * self._set_for + 8 or 2 * count + 8 < self._set_for:
            self._set_for = count
            threads.set_switch_interval(min(LONGEST, max(USUAL, count * PER_THREAD)))

    def reset(self):
        """Back to the usual one."""
        threads.set_switch_interval(USUAL)

"""The time of a hold, without a look at the clock at each acquire and release.

A thread of its own notes the time every PERIOD seconds in `tick`.  A lock keeps the tick
at which it was taken; as long as there was no other tick it was not held for long.  Only
when there was one, the clock is looked at.  It then is certain that the lock was taken no
earlier than its tick and, since the thread that ticks is woken on time, no later than
PERIOD and a GRACE after it.  The latter is assumed: no hold is made longer than it was.

A thread can keep all others from running in one long call of C, under a GIL.  On CPython
3 the ticking thread then comes before the very next call of a function of Python, such as
`release`; elsewhere `release` looks whether the tick is late.
"""
from __future__ import absolute_import, division, print_function

import atexit
import time

from portable_server.compat import clock, platform, threads

#: seconds between two ticks; what waking up may take
PERIOD, GRACE = 0.01, 0.006
#: a tick this old is late
LATE = 3 * PERIOD

_KEPT = 100
_start = threads.start_new_thread


class Ticker(object):
    """Calls `note(time, wall)` every PERIOD seconds, in a thread, until it is stopped."""

    def __init__(self, note):
        self._note = note
        self._run_by = None         # a token of the thread that ticks now
        self._ticks = ()            # the last ones; a new tuple each time, for many readers
        # its own names for them: when 2.7 ends, a module's become None before threads end
        self._clock, self._wall, self._sleep = clock.monotonic, time.time, time.sleep

    def start(self):
        """Begin; does nothing while it runs."""
        if self._run_by is None:
            if not self._ticks:     # the first time: end before the interpreter takes itself apart
                atexit.register(self.stop)
            self._run_by = token = object()
            self._tick()
            _start(self._run, (token,))

    def forked(self):
        """In the child of a fork, where no other thread is: begin again."""
        if self._run_by is not None:
            self._run_by = None
            self.start()

    def stop(self):
        """End, within one period."""
        self._run_by = None

    def _run(self, token):
        period = PERIOD
        while True:
            self._sleep(period)
            if self._run_by is not token:
                return
            self._tick()

    def _tick(self):
        now = self._clock()
        self._ticks = self._ticks[-_KEPT:] + (now,)
        self._note(now, self._wall())

    def seconds_since(self, tick):
        """How long ago, at the least, a lock was taken that noted `tick`."""
        latest = tick + PERIOD + GRACE
        following = self._following(tick)
        if following is not None and (following < latest or not platform.gil_enabled()):
            latest = following
        return max(0.0, self._clock() - latest)

    def _following(self, tick):
        ticks = self._ticks
        if ticks[0] > tick:         # so long ago that it is not known any more
            return None
        for one in ticks:
            if one > tick:
                return one
        return None

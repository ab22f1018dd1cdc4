"""A limit on the time of each test: beyond it, all stacks, and the process ends.

A test that hangs cannot be made to fail from outside on all interpreters, so the
whole process goes, with an exit status that tells the controller "hang".  The
watchdog uses nothing of `compat.threads` but `dump_stacks`, because a broken lock
must not stop it from seeing that the lock is broken.

The machine may have got other work since the limits were made.  So before a test is
ended, the watchdog looks how long a small piece of work takes, which it timed when
the run began, and waits as many times longer.
"""
from __future__ import absolute_import, division, print_function

import os
import sys
import threading
import time

from portable_server.compat import clock, process, threads

#: exit status of a process whose test exceeded its limit
HANG_STATUS = 99
_LOOK_EVERY = 0.25      # seconds
_MOST_TIMES = 5.0       # longer, however slow the machine has become


class Watchdog(object):
    """Watches one test at a time, from a daemon thread."""

    def __init__(self):
        self._watched = None        # (name of the test, limit, when it began)
        self._usual = _time_of_work()
        self._stream = _real_stderr()
        thread = threading.Thread(target=self._watch, name='watchdog')
        thread.daemon = True
        thread.start()

    def watch(self, name, seconds):
        """Expect the end of test `name` within `seconds`."""
        self._watched = (name, seconds, clock.monotonic())

    def rest(self):
        """The test has ended."""
        self._watched = None

    def _watch(self):
        while True:
            time.sleep(_LOOK_EVERY)
            watched = self._watched
            if watched is not None and self._is_over(*watched[1:]):
                if watched is self._watched:    # it has not ended meanwhile
                    self._end(*watched[:2])

    def _is_over(self, seconds, began):
        lasted = clock.monotonic() - began
        return lasted > seconds and (
            lasted > seconds * min(_time_of_work() / self._usual, _MOST_TIMES))

    def _end(self, name, seconds):
        self._stream.write('\nWATCHDOG: %s exceeded its limit of %g s\n'
                           % (name, seconds))
        threads.dump_stacks(self._stream)
        process.exit_now(HANG_STATUS)


def _time_of_work():
    """float: seconds that some arithmetic takes in this thread now."""
    started = clock.monotonic()
    for _ in range(3):
        sum(number * number for number in range(20000))
    return max(clock.monotonic() - started, 0.001)


def _real_stderr():
    """A stream to this process's standard error, past pytest's capturing."""
    if hasattr(os, 'dup'):
        return os.fdopen(os.dup(2), 'w')
    return sys.__stderr__

"""What a thread of CPython 2.7 sleeps on: woken by `ring`, or when time is up.

`SemaphoreAlarm` is a POSIX semaphore of the C library, through ctypes, which lets
the GIL go during the call (sem_overview(7)).  glibc from 2.30 can wait by the
monotonic clock (`sem_clockwait`); `sem_timedwait` goes by the system's clock, so
setting that clock lengthens or shortens the one wait under way.

`PipeAlarm` is for systems without ctypes or without such semaphores (macOS): the
ringing thread writes a byte to a pipe that the sleeping one polls.  It costs two
descriptors while a thread sleeps.

Both may wake for nothing: the caller looks at its lock again, in a loop.
"""
from __future__ import absolute_import, division, print_function

import os
import select
import thread
import time

from portable_server.compat.clock import monotonic

_LONGEST = 3600.0       # seconds in one system call; the caller's loop goes on


class PipeAlarm(object):
    """Sleeps in poll(2)."""

    def __init__(self):
        self._reader, self._writer = os.pipe()
        self._guard = thread.allocate_lock()    # no byte into a reused descriptor
        self._open = True

    def wait(self, seconds):
        """Sleep until rung, interrupted or `seconds` (None: no limit) have passed."""
        poll = select.poll()
        poll.register(self._reader, select.POLLIN)
        limit = _LONGEST if seconds is None else min(seconds, _LONGEST)
        try:
            if poll.poll(int(limit * 1000) + 1):
                os.read(self._reader, 1)
        except select.error:        # EINTR: let the signal's handler run
            pass

    def ring(self):
        """Wake the thread that sleeps or will sleep next."""
        with self._guard:
            if self._open:
                os.write(self._writer, b'!')

    def close(self):
        """Give the descriptors back; a later `ring` does nothing."""
        with self._guard:
            self._open = False
            os.close(self._reader)
            os.close(self._writer)


def _load_semaphores():
    """The SemaphoreAlarm type; raises where this system cannot provide it."""
    import ctypes

    class Timespec(ctypes.Structure):
        _fields_ = [('seconds', ctypes.c_long), ('nanoseconds', ctypes.c_long)]

    semaphore_type = ctypes.c_long * 16         # sem_t is 32 bytes in glibc, 128 at most
    library = ctypes.CDLL(None)
    post, wait_for_ever = library.sem_post, library.sem_wait
    if hasattr(library, 'sem_clockwait'):
        clock_wait, clock = library.sem_clockwait, monotonic

        def timed_wait(semaphore, deadline):
            return clock_wait(semaphore, 1, deadline)       # 1: CLOCK_MONOTONIC
    else:
        timed_wait, clock = library.sem_timedwait, time.time

    class SemaphoreAlarm(object):
        """Sleeps in sem_clockwait(3)."""

        def __init__(self):
            self._semaphore = semaphore_type()
            if library.sem_init(self._semaphore, 0, 0):
                raise OSError('this system has no unnamed semaphores')

        def wait(self, seconds):
            """Sleep until rung, interrupted or `seconds` (None: no limit) have passed."""
            if seconds is None:
                wait_for_ever(self._semaphore)
                return
            until = clock() + min(seconds, _LONGEST)
            deadline = Timespec(int(until), int(until % 1 * 1000000000))
            timed_wait(self._semaphore, ctypes.byref(deadline))

        def ring(self):
            """Wake the thread that sleeps or will sleep next."""
            post(self._semaphore)

        def close(self):
            """Nothing to give back: the semaphore is memory of this object."""

    _prove(SemaphoreAlarm)
    return SemaphoreAlarm


def _prove(alarm_type):
    """OSError unless an alarm ends a sleep when rung, and sleeps when not."""
    alarm = alarm_type()
    alarm.ring()
    started = monotonic()
    alarm.wait(1.0)
    if monotonic() - started > 0.9:
        raise OSError('a semaphore that was rung does not wake')
    started = monotonic()
    alarm.wait(0.002)
    if monotonic() - started < 0.001:
        raise OSError('a semaphore does not sleep')


def _choose():
    try:
        return _load_semaphores()
    except (ImportError, AttributeError, OSError):
        return PipeAlarm


Alarm = _choose()

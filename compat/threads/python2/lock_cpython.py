"""CPython 2.7's Lock: time-outs by a real wait, although 2.7 has no timed lock.

2.7's own `threading` polls for a time-out, asleep for up to 50 ms at a time.
Here a thread that waits with a time-out hangs an *alarm* on the lock, and
`release` rings it: the thread sleeps in the kernel until then, or until its time
has passed.  `alarm.py` has the two kinds of alarm.

Why no ring is lost: the waiter first hangs up its alarm and then tries the lock;
`release` first frees the lock and then looks for alarms.  Whichever comes first
under the GIL, either the waiter gets the lock or the releaser sees the alarm.
A waiter that gives up passes the ring on, in case it was meant for it.

The main thread waits this way even without a time-out, for then a signal's
handler can run meanwhile, as it can since Python 3.2; a wait for 2.7's own lock
cannot be interrupted, and a server waiting there would not hear SIGTERM.  It looks
up once a second, because a signal that comes just before the sleep does not end it.
"""
from __future__ import absolute_import, division, print_function

import thread
import threading
from collections import deque

from portable_server.compat.clock import monotonic
from portable_server.compat.threads.python2.alarm import Alarm
from portable_server.compat.threads.python2.lock_base import LockBase, wait_seconds


def _main_ident():
    for candidate in threading.enumerate():
        if isinstance(candidate, threading._MainThread):
            return candidate.ident


_MAIN = _main_ident()
_LOOK_UP = 1.0      # seconds


class Lock(LockBase):
    """`threading.Lock` of Python 3.8, see `LockBase`."""

    __slots__ = ('_native', '_alarms')

    def __init__(self):
        self._native = thread.allocate_lock()
        self._alarms = deque()

    def acquire(self, blocking=True, timeout=-1):
        """bool: whether the lock was taken, within `timeout` seconds (-1: no limit)."""
        if timeout == -1 and self._native.acquire(False):   # the usual case, fast
            return True
        return self._acquire(wait_seconds(blocking, timeout))

    __enter__ = acquire

    def _acquire(self, seconds):
        if self._native.acquire(False):
            return True
        if seconds == 0:
            return False
        if seconds is None and thread.get_ident() != _MAIN:
            return self._native.acquire()
        return self._wait(seconds)

    def _wait(self, seconds):
        deadline = None if seconds is None else monotonic() + seconds
        alarm = Alarm()
        taken = False
        self._alarms.append(alarm)
        try:
            while not taken:
                taken = self._native.acquire(False)
                remaining = None if deadline is None else deadline - monotonic()
                if taken or remaining is not None and remaining <= 0:
                    break
                alarm.wait(_LOOK_UP if remaining is None else remaining)
        except:     # noqa: E722 - a signal's handler raised: then the lock is not ours
            if taken:
                taken = False
                self._native.release()
            raise
        finally:
            self._alarms.remove(alarm)
            alarm.close()
            if not taken and not self._native.locked():
                self._ring()
        return taken

    def release(self):
        """Free the lock; RuntimeError if it is free already."""
        try:
            self._native.release()
        except thread.error:
            raise RuntimeError('release unlocked lock')
        if self._alarms:
            self._ring()

    def _ring(self):
        try:
            alarm = self._alarms[0]
        except IndexError:      # its owner got the lock meanwhile, or gave up
            return
        alarm.ring()

    def _acquire_restore(self, saved):
        # In C: what a signal's handler raises comes afterwards, when the lock is ours again.
        self._native.acquire()

    def locked(self):
        """bool: whether the lock is held at this moment."""
        return self._native.locked()

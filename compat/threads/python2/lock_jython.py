"""Jython's Lock: Jython's own one, with time-outs and with Python's errors.

Jython's own `threading.Lock` takes no time-out, and its `release` of a free lock
throws a Java exception that neither `except Exception` nor `except BaseException`
catches.  A list holds one token while the lock is held, so that
"release what is held" is a single step: of two threads that both release one hold
one gets the error.

What is written in Java for Python (`_threading.Lock`, `list`) is called directly; any
other Java object, such as a Semaphore, by reflection, which takes ten times as long.
So the usual case uses the former alone.
"""
from __future__ import absolute_import, division, print_function

from _threading import Lock as NativeLock
from java.lang import Class, InterruptedException, System
from java.lang import Thread as JavaThread
from java.util.concurrent import TimeUnit

from portable_server.compat.threads.python2.lock_base import LockBase, wait_seconds

# What waits with a time-out is the Java object inside, which Python code is not shown.
_get_lock = Class.getMethod(Class.forName('org.python.modules._threading.Lock'), 'getLock', [])


def _acquire_within(native, seconds):
    """bool: whether the lock was taken within `seconds`; never returns early.

    An interrupt of the Java thread does not end the wait (Python has none), but
    is kept for whoever asks for it.
    """
    lock = _get_lock.invoke(native, [])
    deadline = System.nanoTime() + int(seconds * 1000000000)
    interrupted = False
    try:
        while True:
            try:
                remaining = deadline - System.nanoTime()
                return lock.tryLock(remaining, TimeUnit.NANOSECONDS)
            except InterruptedException:
                interrupted = True
    finally:
        if interrupted:
            JavaThread.currentThread().interrupt()


class Lock(LockBase):
    """`threading.Lock` of Python 3.8, see `LockBase`."""

    __slots__ = ('_native', '_held', '_take', '_give', '_mark', '_unmark')

    def __init__(self):
        self._native = NativeLock()
        self._held = []
        # Bound once: looking them up costs as much as calling them.
        self._take, self._give = self._native.acquire, self._native.release
        self._mark, self._unmark = self._held.append, self._held.pop

    def acquire(self, blocking=True, timeout=-1):
        """bool: whether the lock was taken, within `timeout` seconds (-1: no limit)."""
        if timeout == -1 and blocking:      # the usual case, fast
            self._take()
            self._mark(True)
            return True
        return self._acquire(wait_seconds(blocking, timeout))

    def _acquire(self, seconds):
        taken = self._take(False)
        if not taken and seconds:
            taken = _acquire_within(self._native, seconds)
        if taken:
            self._mark(True)
        return taken

    def release(self):
        """Free the lock; RuntimeError if it is free already."""
        try:
            self._unmark()
        except IndexError:
            raise RuntimeError('release unlocked lock')
        self._give()

    # `with` as above, without a call more.

    def __enter__(self):
        self._take()
        self._mark(True)
        return True

    def __exit__(self, error=None, value=None, traceback=None):
        try:
            self._unmark()
        except IndexError:
            raise RuntimeError('release unlocked lock')
        self._give()

    def locked(self):
        """bool: whether the lock is held at this moment."""
        return bool(self._held)

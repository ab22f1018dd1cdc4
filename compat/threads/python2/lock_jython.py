"""Jython's Lock, on `java.util.concurrent`: time-outs are real waits.

Jython's own `threading.Lock` takes no time-out, and its `release` of a free lock
throws a Java exception that neither `except Exception` nor `except BaseException`
catches.  A semaphore with one permit is the lock; the flag beside it makes
"release what is held" a single step, so that two threads that both release one
hold cannot leave two permits behind.
"""
from __future__ import absolute_import, division, print_function

from java.lang import InterruptedException, System
from java.lang import Thread as JavaThread
from java.util.concurrent import Semaphore, TimeUnit
from java.util.concurrent.atomic import AtomicBoolean

from compat.threads.python2.lock_base import LockBase, wait_seconds


def acquire_within(semaphore, seconds):
    """bool: whether a permit came within `seconds`; never returns early.

    An interrupt of the Java thread does not end the wait (Python has none), but
    is kept for whoever asks for it.
    """
    deadline = System.nanoTime() + int(seconds * 1000000000)
    interrupted = False
    try:
        while True:
            try:
                remaining = deadline - System.nanoTime()
                return semaphore.tryAcquire(remaining, TimeUnit.NANOSECONDS)
            except InterruptedException:
                interrupted = True
    finally:
        if interrupted:
            JavaThread.currentThread().interrupt()


class Lock(LockBase):
    """`threading.Lock` of Python 3.8, see `LockBase`."""

    __slots__ = ('_permit', '_held')

    def __init__(self):
        self._permit = Semaphore(1)
        self._held = AtomicBoolean()

    def acquire(self, blocking=True, timeout=-1):
        """bool: whether the lock was taken, within `timeout` seconds (-1: no limit)."""
        if timeout == -1 and self._permit.tryAcquire():     # the usual case, fast
            self._held.set(True)
            return True
        return self._acquire(wait_seconds(blocking, timeout))

    __enter__ = acquire

    def _acquire(self, seconds):
        taken = self._permit.tryAcquire()
        if not taken and seconds != 0:
            taken = self._wait(seconds)
        if taken:
            self._held.set(True)
        return taken

    def _wait(self, seconds):
        if seconds is not None:
            return acquire_within(self._permit, seconds)
        self._permit.acquireUninterruptibly()
        return True

    def release(self):
        """Free the lock; RuntimeError if it is free already."""
        if not self._held.compareAndSet(True, False):
            raise RuntimeError('release unlocked lock')
        self._permit.release()

    def locked(self):
        """bool: whether the lock is held at this moment."""
        return self._held.get()

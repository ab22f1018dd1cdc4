"""A pipe that a selector watches, so that another thread can wake it."""
from __future__ import absolute_import, division, print_function

import fcntl
import os
import threading


class Waker(object):
    """The self-pipe trick (https://cr.yp.to/docs/selfpipe.html), one byte at most.

    The lock makes `_woken` and the byte in the pipe one: never one without the other,
    so a byte is neither lost nor left behind to keep the selector spinning. `_woken` is
    set first: who finds it unset, without the lock, has no byte to read either.
    """

    def __init__(self):
        self._reading, self._writing = os.pipe()
        self._lock, self._woken = threading.Lock(), False
        for descriptor in (self._reading, self._writing):
            _configure(descriptor)

    def fileno(self):
        return self._reading

    def wake(self):
        with self._lock:
            if not self._woken and self._writing >= 0:
                self._woken = True
                os.write(self._writing, b'\0')

    def drain(self):
        if not self._woken:     # each select asks: no lock for that
            return
        with self._lock:
            if self._woken:
                os.read(self._reading, 1)
                self._woken = False

    def close(self):
        with self._lock:
            reading, writing = self._reading, self._writing
            self._reading = self._writing = -1
            self._woken = False
        os.close(reading)
        os.close(writing)


def _configure(descriptor):
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFD)
    fcntl.fcntl(descriptor, fcntl.F_SETFD, flags | fcntl.FD_CLOEXEC)

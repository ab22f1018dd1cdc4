"""A pipe that a selector watches, so that another thread can wake it."""
from __future__ import absolute_import, division, print_function

import fcntl
import os


class Waker(object):
    """The self-pipe trick (https://cr.yp.to/docs/selfpipe.html), one byte at most.

    `drain` empties the pipe *before* it forgets that it was woken.  So a `wake` that
    finds `_woken` still set comes before the end of a `select` that is returning, and
    what it announces is seen after it.
    """

    def __init__(self):
        self._reading, self._writing = os.pipe()
        self._woken = False
        for descriptor in (self._reading, self._writing):
            _configure(descriptor)

    def fileno(self):
        return self._reading

    def wake(self):
        if self._woken:
            return
        self._woken = True
        try:
            os.write(self._writing, b'\0')
        except OSError:
            pass                # full, so awake it is; or closed just now

    def drain(self):
        if not self._woken:
            return
        try:
            os.read(self._reading, 4096)
        except OSError:
            pass                # the byte is still on its way: the next select returns
        self._woken = False

    def close(self):
        reading, writing = self._reading, self._writing
        self._reading = self._writing = -1
        os.close(reading)
        os.close(writing)


def _configure(descriptor):
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
    fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    flags = fcntl.fcntl(descriptor, fcntl.F_GETFD)
    fcntl.fcntl(descriptor, fcntl.F_SETFD, flags | fcntl.FD_CLOEXEC)

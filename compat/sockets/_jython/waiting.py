"""Time-outs, non-blocking mode and waking: how a socket's threads wait.

Without a time-out the channel blocks, and Java waits in the kernel: the fastest way.
With one, or with a selector or `send_now` in play, the channel does not block
and a thread that must wait does so in `readiness`.  Which of the two it is does not
show outside: `recv` waits as its time-out says in both.
"""
from __future__ import absolute_import, division, print_function

import errno

from _threading import Lock
from java.lang import Exception as JavaException, Runnable, System, Thread
from java.util.concurrent import ConcurrentHashMap

from portable_server.compat.sockets._jython import failures, streams
from portable_server.compat.sockets._jython.readiness import (ACCEPT, CONNECT, READ, WRITE, Waiter,
                                                              readiness)

_NANOSECONDS = 1000000000
_LONGEST_WAIT = 9223372036      # seconds: a signed 64-bit count of nanoseconds
_MODE_CHANGE_LIMIT = 50         # milliseconds

_creating = Lock()


class _ModeChange(Runnable):
    """configureBlocking in a thread: it waits as long as anybody reads or accepts."""

    def __init__(self, channel, blocking):
        self._channel, self._blocking = channel, blocking

    def run(self):
        try:
            self._channel.configureBlocking(self._blocking)
        except JavaException:
            pass                # closed, or registered with a selector meanwhile

    def run_with_time_limit(self):
        thread = Thread(self, 'compat.sockets mode')
        thread.setDaemon(True)
        thread.start()
        thread.join(_MODE_CHANGE_LIMIT)


class Waiting(object):
    """A socket's channels and what its threads do until they are ready."""

    __slots__ = ('_stream', '_listener', '_input', '_output', '_timeout', '_used',
                 '_shared', '_waiters', '_selectors')

    def __init__(self, stream):
        self._stream, self._listener = stream, None
        self._use_streams()
        self._timeout = None
        self._used = False              # may a thread be blocked in it?
        self._shared = False            # kept non-blocking for send_now
        self._waiters = None            # a concurrent set, made when needed
        self._selectors = ()            # of compat.selectors, to tell of the end

    def _current(self):
        return self._listener or self._stream

    def settimeout(self, seconds):
        if seconds is not None:
            if isinstance(seconds, basestring):                         # noqa: F821
                raise TypeError('a number of seconds is required, not %r' % seconds)
            seconds = float(seconds)
            if not 0 <= seconds:
                raise ValueError('Timeout value out of range')
        if self.fileno() < 0:
            raise failures.error_from_errno(errno.EBADF)
        self._timeout = seconds
        self._set_mode(seconds is None and not self._shared)

    def gettimeout(self):
        return self._timeout

    def setblocking(self, flag):
        self.settimeout(None if flag else 0.0)

    def getblocking(self):
        return self._timeout != 0

    def _set_mode(self, blocking):
        """Make the channel blocking or not; soon, where a thread is blocked in it."""
        channel = self._current()
        if channel.isBlocking() == blocking or blocking and channel.isRegistered():
            return
        self._input = self._output = None
        change = _ModeChange(channel, blocking)
        if self._used:
            change.run_with_time_limit()
        else:
            change.run()
        self._use_streams()

    def _use_streams(self):
        self._input, self._output = streams.of(self._stream)

    def _deadline(self):
        """The nanoTime at which the time-out ends; None for never."""
        if self._timeout is None:
            return None
        seconds = min(self._timeout, _LONGEST_WAIT)
        return System.nanoTime() + long(seconds * _NANOSECONDS)         # noqa: F821

    def _wait(self, operation, deadline):
        """Wait until the channel is ready, or was closed.

        Raises BlockingIOError on a non-blocking socket, `timeout` at the deadline.
        """
        if self._timeout == 0:
            raise failures.error_from_errno(errno.EAGAIN)
        remaining = None if deadline is None else deadline - System.nanoTime()
        if remaining is not None and remaining <= 0:
            raise failures.timed_out()
        waiter = Waiter(self._current(), operation)
        waiters = self._all_waiters()
        waiters.put(waiter, True)
        try:
            readiness.submit(waiter)
            if not waiter.wait(remaining):
                raise failures.timed_out()
        finally:
            waiters.remove(waiter)

    def _all_waiters(self):
        if self._waiters is None:
            with _creating:
                if self._waiters is None:
                    self._waiters = ConcurrentHashMap()
        return self._waiters

    def _wake(self):
        """After a shutdown or close: waiting threads try again and see what happened."""
        if self._waiters is not None:
            for waiter in list(self._waiters.keySet()):
                waiter.release()
            readiness.flush()
        for selector in self._selectors:
            selector._flush()

    # For compat.selectors

    def _selected_by(self, selector):
        """Be watched by `selector`, to be told when this socket is closed."""
        self._set_mode(False)
        self._selectors += (selector,)

    def _operations(self, events):
        """What Java calls these events of the selectors module, on this socket."""
        if self._listener is not None:
            return ACCEPT
        if self._stream.isConnectionPending():
            return CONNECT
        return (READ if events & 1 else 0) | (WRITE if events & 2 else 0)

"""Connecting, at once, within a time-out, or begun now and finished later."""
from __future__ import absolute_import, division, print_function

import errno

from java.lang import Exception as JavaException

from portable_server.compat.sockets._jython import addresses, failures
from portable_server.compat.sockets._jython.channel import Channel, open_stream
from portable_server.compat.sockets._jython.readiness import CONNECT


class Connecting(Channel):
    """A socket that connects."""

    __slots__ = ('_connect_error',)

    def __init__(self, family, stream):
        Channel.__init__(self, family, stream)
        self._connect_error = 0         # of a connect that a selector saw end

    def connect(self, address):
        target = addresses.to_java(address, self.family, 'connect')
        deadline = self._deadline()
        try:
            if self._stream.connect(target):
                return self._use_streams()
        except JavaException as problem:
            self._connect_failed(problem)
        if self._timeout == 0:
            raise failures.error_from_errno(errno.EINPROGRESS)
        while not self._finish_connect():
            self._wait(CONNECT, deadline)

    def connect_ex(self, address):
        """As `connect`, but an errno in place of an error; 0 is success."""
        try:
            self.connect(address)
        except failures.gaierror:
            raise
        except failures.errors.TimeoutError:
            return errno.EAGAIN
        except failures.errors.SocketError as problem:
            return problem.errno
        return 0

    def _finish_connect(self):
        try:
            return self._stream.finishConnect()
        except JavaException as problem:
            self._connect_failed(problem)

    def _connect_failed(self, problem):
        """Raise; Java has closed the channel, Python's socket may try again."""
        failure = failures.translate(problem, 'connect')
        if not self._stream.isOpen() and self._number > 0:
            self._stream = open_stream(self.family)
            self._apply_options(self._stream)
            self._set_mode(self._timeout is None and not self._shared)
        raise failure

    def _connect_ended(self):
        """Finish a pending connect; whether it succeeded."""
        try:
            return self._finish_connect()
        except failures.errors.SocketError as problem:
            self._connect_error = problem.errno
            return False

    def _pending_error(self):
        """SO_ERROR: how a non-blocking connect ended, told once."""
        if self._listener is None and self._stream.isConnectionPending():
            self._connect_ended()
        number, self._connect_error = self._connect_error, 0
        return number

    def _finish_pending(self):
        """A non-blocking connect may have ended meanwhile; else raise."""
        if not self._stream.isConnectionPending():
            raise failures.error_from_errno(errno.ENOTCONN)
        if not self._finish_connect():
            raise failures.error_from_errno(errno.EAGAIN)

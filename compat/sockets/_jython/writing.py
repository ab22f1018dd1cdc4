"""Sending: whole messages, single pieces, and what the kernel takes at once.

Two threads' messages never mix on one socket; on CPython they do not in practice.
The stream of a blocking channel (`_output`, see `streams`) sees to it; else a lock.
"""
from __future__ import absolute_import, division, print_function

import errno

from _threading import Lock
from java.lang import Exception as JavaException
from java.nio import ByteBuffer
from java.nio.channels import IllegalBlockingModeException, NotYetConnectedException

from portable_server.compat.sockets._jython import failures
from portable_server.compat.sockets._jython.connecting import Connecting
from portable_server.compat.sockets._jython.readiness import WRITE

_LARGEST = 65536        # bytes for one call of the channel, which copies them

_wrap = ByteBuffer.wrap


def as_bytes(data):
    """str for what Python 3 calls a bytes-like object; TypeError for others."""
    if isinstance(data, str):
        return data
    if isinstance(data, memoryview):
        return data.tobytes()
    if isinstance(data, (bytearray, buffer)):                           # noqa: F821
        return str(data)
    if hasattr(data, 'tostring'):
        return data.tostring()
    raise TypeError("a bytes-like object is required, not '%s'" % type(data).__name__)


class Outgoing(object):
    """Bytes made ready once to be given to `send_now` for many sockets."""

    __slots__ = ('_octets', '_length')

    def __init__(self, data):
        data = as_bytes(data)
        self._length = len(data)
        self._octets = ByteBuffer.allocateDirect(self._length)
        self._octets.put(_wrap(data)).flip()

    def __len__(self):
        return self._length

    def _from(self, start):
        view = self._octets.duplicate()
        view.position(min(start, self._length))
        return view


class Writing(Connecting):
    """A socket that sends."""

    __slots__ = ('_sending',)

    def __init__(self, family, stream):
        Connecting.__init__(self, family, stream)
        self._sending = Lock()

    def sendall(self, data, flags=0):
        """Send all of `data`; raises as Python 3's does, and then some may be sent."""
        if not isinstance(data, str):
            data = as_bytes(data)
        self._used = True
        try:
            if self._output is not None:
                return self._output.write(data)
        except IllegalBlockingModeException:
            pass                        # the mode was changed just now
        except JavaException as problem:
            self._write_failed(problem, None)
        with self._sending:
            self._send_pieces(_wrap(data))

    def send(self, data, flags=0):
        """Send some of `data`; int: how many bytes."""
        if flags:
            raise failures.error_from_errno(errno.EOPNOTSUPP)
        data = as_bytes(data)
        self._used = True
        view = _wrap(data, 0, min(len(data), _LARGEST))
        return self._write(view) or self._write_later(view)

    def _send_pieces(self, view):
        end, deadline = view.limit(), self._deadline()
        while view.position() < end:
            view.limit(min(view.position() + _LARGEST, end))
            if not self._write(view):
                self._wait(WRITE, deadline)

    def _write_later(self, view):
        deadline, count = self._deadline(), 0
        while not count and view.hasRemaining():
            self._wait(WRITE, deadline)
            count = self._write(view)
        return count

    def _write(self, view):
        """int: bytes taken; less than all only if the channel does not block."""
        try:
            return self._stream.write(view)
        except JavaException as problem:
            return self._write_failed(problem, view)

    def _write_failed(self, problem, view):
        if isinstance(problem, NotYetConnectedException) and self._listener is None:
            if not self._stream.isConnectionPending():
                raise failures.error_from_errno(errno.EPIPE)            # as on Linux
            self._finish_pending()
            return self._write(view)
        failure = self._failure(problem, 'send')
        if failure.errno == errno.EBADF and self._stream.isOpen():
            failure = failures.error_from_errno(errno.EPIPE)            # only shut down
        raise failure

    def _send_now(self, data, start):
        view = data._from(start) if isinstance(data, Outgoing) else _wrap(as_bytes(data))
        if view.position() < start:
            view.position(start)
        if self._stream.isBlocking():
            raise failures.error_from_errno(errno.EINVAL)
        return self._write(view)

"""Receiving: one call into Java, one conversion from its array to bytes.

A blocking channel is read through its stream (`_input`, see `streams`), which is much
faster; any other by the channel's own `read`, which returns 0 where it would wait.

Buffers are small until a connection fills them, because Java keeps a native buffer of
the greatest size used for each thread.
"""
from __future__ import absolute_import, division, print_function

import errno

from jarray import zeros
from java.lang import Exception as JavaException
from java.nio import ByteBuffer
from java.nio.channels import IllegalBlockingModeException, NotYetConnectedException
from org.python.core import Py
from org.python.core.util import StringUtil

from portable_server.compat.sockets._jython import failures
from portable_server.compat.sockets._jython.readiness import READ
from portable_server.compat.sockets._jython.writing import Writing

_SMALLEST, _LARGEST = 1024, 65536       # bytes for one call of the channel

_bytes_of = StringUtil.fromBytes
_new_string = Py.newString
_wrap = ByteBuffer.wrap


class Reading(Writing):
    """A socket that receives."""

    __slots__ = ('_piece', '_reset')

    def __init__(self, family, stream):
        Writing.__init__(self, family, stream)
        self._piece = _SMALLEST
        self._reset = False

    def recv(self, size, flags=0):
        """Up to `size` bytes; b'' at the end.  As Python 3's, without flags."""
        length = size if size < self._piece else self._piece
        if length <= 0 or flags or size.__class__ is not int:
            return self._recv_unusual(size, flags)
        self._used = True
        octets = zeros(length, 'b')
        try:
            if self._input is None:
                count = self._stream.read(_wrap(octets)) or self._read_later(_wrap(octets))
            else:
                count = self._input.read(octets, 0, length)
        except JavaException as problem:
            count = self._read_failed(problem, _wrap(octets))
        if count <= 0:
            return b''
        if count == length:
            self._piece = min(4 * self._piece, _LARGEST)
        return _new_string(_bytes_of(octets, 0, count))

    def recv_into(self, target, size=0, flags=0):
        """Receive into a bytearray or memoryview; int: how many bytes came."""
        room = memoryview(target)
        if room.readonly:
            raise TypeError('a bytearray or memoryview that can be written to is required')
        if not 0 <= size <= len(room):
            raise ValueError('%d bytes do not fit into a buffer of %d' % (size, len(room)))
        data = self.recv(size or len(room), flags)
        room[:len(data)] = bytearray(data)      # Jython cannot copy out of a string that is new
        return len(data)

    def _recv_unusual(self, size, flags):
        if isinstance(size, long):                                      # noqa: F821
            return self.recv(int(size), flags)
        if not isinstance(size, int):
            raise TypeError("an integer is required, not '%s'" % type(size).__name__)
        if flags:
            raise failures.error_from_errno(errno.EOPNOTSUPP)
        if size < 0:
            raise ValueError('negative buffersize in recv')
        return b''

    def _read_later(self, room):
        """The channel does not block and had nothing: wait as the time-out says."""
        deadline, count = self._deadline(), 0
        while count == 0:
            self._wait(READ, deadline)
            count = self._stream.read(room)
        return count

    def _read_again(self, room):
        try:
            return self._stream.read(room) or self._read_later(room)
        except JavaException as problem:
            return self._read_failed(problem, room)

    def _read_failed(self, problem, room):
        """The end, 0, where CPython has one; else raise."""
        if isinstance(problem, IllegalBlockingModeException):
            return self._read_again(room)       # the mode was changed just now
        if isinstance(problem, NotYetConnectedException) and self._listener is None:
            self._finish_pending()
            return self._read_again(room)
        failure = self._failure(problem, 'recv')
        if failure.errno == errno.EBADF and self._stream.isOpen():
            return 0                    # shut down while it was blocked
        if failure.errno == errno.ECONNRESET:
            if self._reset:
                return 0                # the kernel reports a reset once
            self._reset = True
        raise failure

"""The socket class, and our own functions."""
from __future__ import absolute_import, division, print_function

import errno
import struct

from java.lang import Exception as JavaException

from portable_server.compat.sockets._jython import addresses, constants, failures
from portable_server.compat.sockets._jython.channel import open_stream
from portable_server.compat.sockets._jython.reading import Reading
from portable_server.compat.sockets._jython.readiness import ACCEPT

_LINGER_NONE = struct.pack('ii', 1, 0)


class socket(Reading):
    """As https://docs.python.org/3/library/socket.html#socket-objects"""

    __slots__ = ('__weakref__',)

    def __init__(self, family=constants.AF_INET, type=constants.SOCK_STREAM, proto=0,
                 _stream=None):
        if type != constants.SOCK_STREAM:
            raise failures.error_from_errno(errno.EPROTONOSUPPORT)
        Reading.__init__(self, family, open_stream(family) if _stream is None else _stream)

    def accept(self):
        """(socket, address) of the next connection; the socket blocks."""
        self._used = True
        stream = self._accept_now()
        if stream is None:
            deadline = self._deadline()
            while stream is None:
                self._wait(ACCEPT, deadline)
                stream = self._accept_now()
        connection = socket(self.family, _stream=stream)
        try:
            if self._options:
                self._apply_options(stream)
            return connection, addresses.from_java(stream.getRemoteAddress(), self.family)
        except JavaException as problem:
            connection.close()
            raise failures.translate(problem, 'accept')

    def _accept_now(self):
        if self._listener is None:
            raise failures.error_from_errno(errno.EINVAL if self._number > 0 else errno.EBADF)
        try:
            return self._listener.accept()
        except JavaException as problem:
            failure = failures.translate(problem, 'accept')
            if failure.errno == errno.EBADF and self._number > 0:
                failure = failures.error_from_errno(errno.EINVAL)       # only shut down
            raise failure


def stop_accepting(listener):
    """Wake every thread blocked in `listener.accept()`, then close the listener.

    The woken threads get an error of `compat.sockets.error`.  Safe to call twice.
    """
    listener.close()


def interrupt(connection):
    """Wake the threads blocked in `recv` (they get b'') and `send` (BrokenPipeError).

    Shuts both directions down and does not close.  Safe on a closed socket.
    """
    try:
        connection.shutdown(constants.SHUT_RDWR)
    except failures.errors.SocketError:
        pass            # closed already, or never connected: nobody to wake


def reset(connection):
    """Close with a reset: the peer gets ConnectionResetError, unsent data is dropped."""
    try:
        connection.setsockopt(constants.SOL_SOCKET, constants.SO_LINGER, _LINGER_NONE)
    except failures.errors.SocketError:
        pass            # closed already
    connection.close()


def prepare_for_send_now(connection):
    """Call once, before another thread reads from it, so that `send_now` is legal.

    Makes the channel non-blocking for good; `recv` then waits in `readiness`.
    """
    connection._shared = True
    connection._set_mode(False)


def send_now(connection, data, start=0):
    """Send what the kernel takes of `data[start:]` at once; int: bytes taken.

    0 means that the kernel's buffer is full: wait for `selectors.EVENT_WRITE`.
    Never waits, and may be used while other threads are blocked in `recv` on the
    same connection.  `data`: bytes, or what `outgoing` made of them.  Raises
    `errors.ConnectionError` when the peer is gone, and error EINVAL unless
    `prepare_for_send_now` was called.
    """
    return connection._send_now(data, start)

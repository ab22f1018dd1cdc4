"""Python 3's connection errors for Python 2.7 and Jython, under `socket.error`.

Goes when Python 2 goes.  Importing Jython's own `socket` module would cost a second
(it brings Netty) and `compat.sockets` does not use it, so there the base is IOError,
from which 2.7's `socket.error` derives as well.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import platform

if platform.IMPLEMENTATION == 'Jython':
    class SocketError(IOError):
        """What every error of `compat.sockets` derives from on Jython."""
else:
    from socket import error as SocketError
    from socket import timeout as TimeoutError


class BlockingIOError(SocketError):
    """A non-blocking socket would have had to wait (EAGAIN, EINPROGRESS)."""


class ConnectionError(SocketError):
    """PEP 3151's base for the four errors of a connection."""


class BrokenPipeError(ConnectionError):
    """Written to a connection whose other side, or own write side, is shut (EPIPE)."""


class ConnectionAbortedError(ConnectionError):
    """Aborted by this side (ECONNABORTED)."""


class ConnectionRefusedError(ConnectionError):
    """Nobody listens at the address (ECONNREFUSED)."""


class ConnectionResetError(ConnectionError):
    """The peer reset the connection (ECONNRESET)."""


if platform.IMPLEMENTATION == 'Jython':
    class TimeoutError(SocketError):
        """A socket's time-out passed, as `socket.timeout` says elsewhere."""

"""One family of socket errors for every interpreter: Python 3's (PEP 3151).

On Python 3 these are the built-in exceptions.  On Python 2.7 and Jython they are
subclasses of `socket.error` in the same shape, which `compat.sockets` raises, so
that `except errors.ConnectionResetError` means the same thing everywhere.
"""
from __future__ import absolute_import, division, print_function

import errno

try:
    ConnectionError = ConnectionError
except NameError:
    from portable_server.compat._errors_python2 import (BlockingIOError, BrokenPipeError,
                                                        ConnectionAbortedError, ConnectionError,
                                                        ConnectionRefusedError,
                                                        ConnectionResetError, SocketError,
                                                        TimeoutError)
else:
    import socket as _socket
    BlockingIOError = BlockingIOError
    BrokenPipeError = BrokenPipeError
    ConnectionAbortedError = ConnectionAbortedError
    ConnectionRefusedError = ConnectionRefusedError
    ConnectionResetError = ConnectionResetError
    SocketError = OSError
    #: `socket.timeout`: before 3.10 not yet the built-in TimeoutError
    TimeoutError = _socket.timeout

__all__ = ['AddressInUse', 'BlockingIOError', 'BrokenPipeError', 'ConnectionAbortedError',
           'ConnectionError', 'ConnectionRefusedError', 'ConnectionResetError',
           'NotSupported', 'SocketError', 'TimeoutError']


class AddressInUse(SocketError):
    """Another socket holds the address; the message is one line with a remedy.

    `errno` is EADDRINUSE on every interpreter, whether the interpreter noticed
    in `bind` (CPython, PyPy) or in `listen` (Jython).
    """

    def __init__(self, host, port):
        SocketError.__init__(
            self, errno.EADDRINUSE,
            'address in use: %s port %s; stop its owner or choose another port'
            % (host, port))

    def __str__(self):
        return str(self.args[1])


class NotSupported(RuntimeError):
    """This interpreter does not have what was asked for; one clear line says what."""

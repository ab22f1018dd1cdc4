"""What Python 3 changed about sockets, for CPython 2.7.  Goes when 2.7 goes.

2.7's own class stores bound methods of the C socket in each object and drops them on
`close`; whoever still holds one keeps the descriptor open.  Here `close` closes the C
socket itself.  Errors become the classes of PEP 3151, and calls that a signal
interrupted are resumed (PEP 475).
"""
from __future__ import absolute_import, division, print_function

import errno
import functools
import sys

import _socket
import socket as _stdlib
from socket import *                                # noqa: F401,F403
from socket import gethostname                      # noqa: F401

from portable_server.compat import errors
from portable_server.compat.sockets import _names
from portable_server.compat.sockets._connecting import Connecting
from portable_server.compat.sockets._descriptors import (           # noqa: F401
    interrupt, prepare_for_send_now, reset, send_now, stop_accepting)

__all__ = _names.ALL

error = errors.SocketError
timeout = errors.TimeoutError

#: PEP 3151: errno -> class
_CLASSES = {
    errno.EAGAIN: errors.BlockingIOError,
    errno.EALREADY: errors.BlockingIOError,
    errno.EINPROGRESS: errors.BlockingIOError,
    errno.EPIPE: errors.BrokenPipeError,
    errno.ESHUTDOWN: errors.BrokenPipeError,
    errno.ECONNABORTED: errors.ConnectionAbortedError,
    errno.ECONNREFUSED: errors.ConnectionRefusedError,
    errno.ECONNRESET: errors.ConnectionResetError,
    errno.ETIMEDOUT: errors.TimeoutError,
}


def _raise_as_python3(problem):
    """Raise `problem` as Python 3 does, unless a signal only interrupted the call."""
    kind = type(problem)
    if kind is _socket.error:
        if problem.errno == errno.EINTR:
            return
        kind = _CLASSES.get(problem.errno, kind)
    raise kind(*problem.args)


def _translated(name):
    """The method `name` of the C socket, with Python 3's errors."""
    @functools.wraps(getattr(_socket.socket, name), ('__name__', '__doc__'))
    def method(self, *arguments):
        while True:
            try:
                return getattr(self._sock, name)(*arguments)
            except _socket.error as problem:
                _raise_as_python3(problem)
    return method


class _Closed(object):
    """Stands in for the C socket after `close`."""

    def fileno(self):
        return -1

    def close(self):
        pass

    def __getattr__(self, name):
        def closed(*_):
            raise _socket.error(errno.EBADF, 'Bad file descriptor')
        return closed


class socket(object):
    """As https://docs.python.org/3/library/socket.html#socket-objects"""

    __slots__ = ('_sock', '_receive', '_send', '__weakref__')

    def __init__(self, family=_stdlib.AF_INET, type=_stdlib.SOCK_STREAM, proto=0,
                 _sock=None):
        self._sock = _socket.socket(family, type, proto) if _sock is None else _sock
        self._receive, self._send = self._sock.recv, self._sock.sendall

    def recv(self, *arguments):
        while True:
            try:
                return self._receive(*arguments)
            except _socket.error as problem:
                _raise_as_python3(problem)

    def sendall(self, *arguments):
        # not resumed after a signal: what was sent already is not known (2.7's C code)
        try:
            return self._send(*arguments)
        except _socket.error as problem:
            _raise_as_python3(problem)
            raise

    def accept(self):
        while True:
            try:
                connection, address = self._sock.accept()
            except _socket.error as problem:
                _raise_as_python3(problem)
            else:
                return socket(_sock=connection), address

    def close(self):
        sock, self._sock = self._sock, _Closed()
        self._receive, self._send = self._sock.recv, self._sock.sendall
        sock.close()

    def detach(self):
        """Not possible in 2.7: its C socket cannot let go of the descriptor."""
        raise errors.NotSupported('CPython 2.7 cannot detach a socket')

    def dup(self):
        return socket(_sock=_socket.fromfd(self.fileno(), self.family, self.type))

    family = property(lambda self: self._sock.family)
    type = property(lambda self: self._sock.type)
    proto = property(lambda self: self._sock.proto)

    bind = _translated('bind')
    connect = _translated('connect')
    connect_ex = _translated('connect_ex')
    fileno = _translated('fileno')
    getpeername = _translated('getpeername')
    getsockname = _translated('getsockname')
    getsockopt = _translated('getsockopt')
    gettimeout = _translated('gettimeout')
    recv_into = _translated('recv_into')
    send = _translated('send')
    setblocking = _translated('setblocking')
    setsockopt = _translated('setsockopt')
    settimeout = _translated('settimeout')
    shutdown = _translated('shutdown')

    def listen(self, backlog=128):
        return self._listen(backlog)

    _listen = _translated('listen')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


#: data made ready once to be given to `send_now` for many connections
outgoing = bytes

_connecting = Connecting(sys.modules[__name__])
create_connection = _connecting.create_connection
create_server = _connecting.create_server

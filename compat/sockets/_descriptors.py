"""Our additions where a socket is an operating system's descriptor: CPython, PyPy."""
from __future__ import absolute_import, division, print_function

import socket as _socket
import struct

from portable_server.compat import errors

_LINGER_NONE = struct.pack('ii', 1, 0)
_DO_NOT_WAIT = getattr(_socket, 'MSG_DONTWAIT', None)


def _shut(connection, how):
    try:
        connection.shutdown(how)
    except _socket.error:
        pass            # closed already, or never connected: nobody to wake


def stop_accepting(listener):
    """Wake every thread blocked in `listener.accept()`, then close the listener.

    The woken threads get an error of `compat.sockets.error`.  Safe to call twice.
    shutdown(2) wakes them on Linux (they get EINVAL); close(2) alone would not.
    """
    _shut(listener, _socket.SHUT_RDWR)
    listener.close()


def interrupt(connection):
    """Wake the threads blocked in `recv` (they get b'') and `send` (BrokenPipeError).

    Shuts both directions down and does not close.  Safe on a closed socket.
    """
    _shut(connection, _socket.SHUT_RDWR)


def reset(connection):
    """Close with a reset: the peer gets ConnectionResetError, unsent data is dropped.

    SO_LINGER with time 0, socket(7).  A thread blocked in `recv` is woken with b''
    first, since the kernel would keep the connection open for it.
    """
    try:
        connection.setsockopt(_socket.SOL_SOCKET, _socket.SO_LINGER, _LINGER_NONE)
    except _socket.error:
        pass            # closed already
    _shut(connection, _socket.SHUT_RD)
    connection.close()


def prepare_for_send_now(connection):
    """Call once, before another thread reads from it, so that `send_now` is legal.

    Nothing to do here: send(2) takes "do not wait" as a flag of each call.
    """


def send_now(connection, data, start=0):
    """Send what the kernel takes of `data[start:]` at once; int: bytes taken.

    0 means that the kernel's buffer is full: wait for `selectors.EVENT_WRITE`.
    Never waits, and may be used while other threads are blocked in `recv` on the
    same connection, whose time-out must be None.  `data`: bytes, or what `outgoing`
    made of them.  Raises `errors.ConnectionError` when the peer is gone.
    MSG_DONTWAIT, send(2).
    """
    if _DO_NOT_WAIT is None:
        raise errors.NotSupported('this system has no MSG_DONTWAIT')
    try:
        return connection.send(data[start:] if start else data, _DO_NOT_WAIT)
    except errors.BlockingIOError:
        return 0

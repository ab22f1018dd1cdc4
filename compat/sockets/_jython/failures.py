"""From Java's exceptions to Python 3's errors: the one table.

Java tells most causes by the class of the exception; the kernel's own errors come as
an IOException or SocketException whose message is the system's text.  That text may
be in the user's language, so what it does not settle is settled by what was being
done: a failed write means a broken pipe, a failed read a reset.
"""
from __future__ import absolute_import, division, print_function

import errno
import os

from java.lang import (
    IllegalArgumentException, OutOfMemoryError, UnsupportedOperationException)
from java.net import (
    BindException, ConnectException, NoRouteToHostException, SocketTimeoutException,
    UnknownHostException)
from java.nio.channels import (
    AlreadyBoundException, AlreadyConnectedException, AsynchronousCloseException,
    ClosedByInterruptException, ClosedChannelException, ConnectionPendingException,
    IllegalBlockingModeException, NotYetBoundException, NotYetConnectedException,
    UnresolvedAddressException, UnsupportedAddressTypeException)

from portable_server.compat import errors
from portable_server.compat.sockets._jython.constants import EAI_NONAME

_BY_CLASS = (       # first match wins: a class stands before its bases
    (ClosedByInterruptException, errno.EINTR),
    (AsynchronousCloseException, errno.EBADF),
    (ClosedChannelException, errno.EBADF),
    (AlreadyConnectedException, errno.EISCONN),
    (NotYetConnectedException, errno.ENOTCONN),
    (ConnectionPendingException, errno.EALREADY),
    (AlreadyBoundException, errno.EINVAL),
    (NotYetBoundException, errno.EINVAL),
    (IllegalBlockingModeException, errno.EINVAL),
    (UnsupportedAddressTypeException, errno.EAFNOSUPPORT),
    (NoRouteToHostException, errno.EHOSTUNREACH),
    (UnsupportedOperationException, errno.ENOPROTOOPT),
    (IllegalArgumentException, errno.EINVAL),
    (OutOfMemoryError, errno.ENOBUFS),
)
_BY_TEXT = (
    ('reset', errno.ECONNRESET),
    ('roken pipe', errno.EPIPE),
    ('refused', errno.ECONNREFUSED),
    ('in use', errno.EADDRINUSE),
    ('timed out', errno.ETIMEDOUT),
    ('annot assign', errno.EADDRNOTAVAIL),
    ('ermission', errno.EACCES),
    ('nreachable', errno.ENETUNREACH),
    ('oo many open files', errno.EMFILE),
    ('losed', errno.EBADF),
)
_BY_OPERATION = {
    'accept': errno.EINVAL, 'bind': errno.EADDRINUSE, 'connect': errno.ECONNREFUSED,
    'recv': errno.ECONNRESET, 'send': errno.EPIPE,
}
_CLASSES = {        # PEP 3151
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


class gaierror(errors.SocketError):
    """An address could not be resolved; `args` are (EAI number, text)."""


def error_from_errno(number):
    """The error of Python 3 for the errno `number`, with the system's text."""
    return _CLASSES.get(number, errors.SocketError)(number, os.strerror(number))


def timed_out():
    return errors.TimeoutError('timed out')


def name_not_known():
    return gaierror(EAI_NONAME, 'Name or service not known')


def translate(problem, operation):
    """The Python error for the Java exception `problem` raised in `operation`."""
    if isinstance(problem, (UnknownHostException, UnresolvedAddressException)):
        return name_not_known()
    if isinstance(problem, SocketTimeoutException):
        return timed_out()
    return error_from_errno(_errno(problem, operation))


def _errno(problem, operation):
    for kind, number in _BY_CLASS:
        if isinstance(problem, kind):
            return number
    text = problem.getMessage() or ''
    for part, number in _BY_TEXT:
        if part in text:
            return number
    if isinstance(problem, BindException):
        return errno.EADDRINUSE
    if isinstance(problem, ConnectException):
        return errno.ECONNREFUSED
    return _BY_OPERATION.get(operation, errno.EIO)

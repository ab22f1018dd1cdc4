"""The life of a channel: opened, bound, configured, made to wait or not, closed.

Java has one class for sockets that listen and another for those that connect, and
says which at once; Python's socket becomes one or the other by `listen` or `connect`.
So a socket starts as a SocketChannel (`_stream`), which `bind` binds.  `listen` opens a
ServerSocketChannel on the same address *before* it closes the first, so that nobody
takes the port in between: Linux allows two sockets with SO_REUSEADDR on one port as
long as only one of them listens.
"""
from __future__ import absolute_import, division, print_function

import errno

from java.lang import Exception as JavaException
from java.net import StandardProtocolFamily, StandardSocketOptions
from java.nio.channels import ServerSocketChannel, SocketChannel
from java.util.concurrent.atomic import AtomicInteger

from portable_server.compat.sockets._jython import addresses, constants, failures, options
from portable_server.compat.sockets._jython.waiting import Waiting

_FAMILIES = {constants.AF_INET: StandardProtocolFamily.INET,
             constants.AF_INET6: StandardProtocolFamily.INET6}

#: Java hides the descriptor; these numbers are as unique, and plainly no descriptors
_numbers = AtomicInteger(1000000)


def _open(kind, family):
    try:
        return kind.open(_FAMILIES[family])
    except TypeError:           # before Java 15: a socket of both families
        return kind.open()


def open_stream(family):
    """A SocketChannel of the address family, not yet bound or connected."""
    if family not in _FAMILIES:
        raise failures.error_from_errno(errno.EAFNOSUPPORT)
    try:
        return _open(SocketChannel, family)
    except JavaException as problem:
        raise failures.translate(problem, 'socket')


class Channel(Waiting):
    """A socket without its data: names, options, listening, closing."""

    __slots__ = ('family', 'type', 'proto', '_number', '_options')

    def __init__(self, family, stream):
        Waiting.__init__(self, stream)
        self.family, self.type, self.proto = family, constants.SOCK_STREAM, 0
        self._number = _numbers.incrementAndGet()
        self._options = {}              # set so far, for the channels that follow

    def _failure(self, problem, operation):
        """The error for Java's `problem` with reading or writing."""
        if self._listener is not None and self._number > 0:
            return failures.error_from_errno(errno.ENOTCONN)
        return failures.translate(problem, operation)

    def fileno(self):
        """int: a number of its own while open, -1 after; not a descriptor on Jython."""
        return self._number

    def bind(self, address):
        target = addresses.to_java(address, self.family, 'bind')
        try:
            self._stream.bind(target)
        except JavaException as problem:
            raise failures.translate(problem, 'bind')

    def listen(self, backlog=constants.SOMAXCONN):
        if self._listener is not None:
            return
        if self._stream.isConnected():
            raise failures.error_from_errno(errno.EINVAL)       # as on Linux
        try:
            local = self._stream.getLocalAddress()
            self._listener = self._listening(local, max(int(backlog), 1))
            self._stream.close()
        except JavaException as problem:
            raise failures.translate(problem, 'bind')
        if self._timeout is not None:
            self._set_mode(False)

    def _listening(self, local, backlog):
        listener = _open(ServerSocketChannel, self.family)
        try:
            self._stream.setOption(StandardSocketOptions.SO_REUSEADDR, True)
            supported = listener.supportedOptions()
            for option, value in self._options.values():
                if option in supported:
                    listener.setOption(option, value)
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, True)
            return listener.bind(local, backlog)
        except JavaException:
            listener.close()
            raise

    def getsockname(self):
        try:
            return addresses.from_java(self._current().getLocalAddress(), self.family)
        except JavaException as problem:
            raise failures.translate(problem, 'getsockname')

    def getpeername(self):
        try:
            peer = None if self._listener else self._stream.getRemoteAddress()
        except JavaException as problem:
            raise failures.translate(problem, 'getpeername')
        if peer is None:
            raise failures.error_from_errno(errno.ENOTCONN)
        return addresses.from_java(peer, self.family)

    def setsockopt(self, level, option, value):
        chosen, value = options.to_java(level, option, value)
        try:
            if self._listener is None or chosen in self._listener.supportedOptions():
                self._current().setOption(chosen, value)
        except JavaException as problem:
            raise failures.translate(problem, 'setsockopt')
        self._options[level, option] = chosen, value

    def getsockopt(self, level, option, length=0):
        if level == constants.SOL_SOCKET and option == constants.SO_TYPE:
            return options.packed(self.type, length)
        if level == constants.SOL_SOCKET and option == constants.SO_ERROR:
            return options.packed(self._pending_error(), length)
        try:
            return options.from_java(self._current(), level, option, length)
        except JavaException as problem:
            raise failures.translate(problem, 'getsockopt')

    def _apply_options(self, stream):
        for option, value in self._options.values():
            stream.setOption(option, value)

    def shutdown(self, how):
        if not isinstance(how, int):
            raise TypeError("an integer is required, not '%s'" % type(how).__name__)
        if how not in (constants.SHUT_RD, constants.SHUT_WR, constants.SHUT_RDWR):
            raise failures.error_from_errno(errno.EINVAL)
        if self._listener is not None:
            return self._shut_listener()
        try:
            if how != constants.SHUT_WR:
                self._stream.shutdownInput()
            if how != constants.SHUT_RD:
                self._stream.shutdownOutput()
        except JavaException as problem:
            raise failures.translate(problem, 'shutdown')
        self._wake()

    def _shut_listener(self):
        """As on Linux: it stops listening, and `accept` fails in every thread."""
        try:
            self._listener.close()
        except JavaException as problem:
            raise failures.translate(problem, 'shutdown')
        self._wake()

    def close(self):
        """Close, now; wakes threads blocked in it.  Closing again does nothing."""
        self._number = -1
        try:
            self._stream.close()
            if self._listener is not None:
                self._listener.close()
        except JavaException as problem:
            raise failures.translate(problem, 'close')
        finally:
            self._wake()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

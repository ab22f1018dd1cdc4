"""setsockopt and getsockopt: the numbers and structs of C as Java's typed options."""
from __future__ import absolute_import, division, print_function

import errno
import struct

from java.lang import Boolean, Integer
from java.net import StandardSocketOptions

from portable_server.compat.sockets._jython.constants import (IPPROTO_TCP, SOL_SOCKET, SO_KEEPALIVE,
                                                              SO_LINGER, SO_RCVBUF, SO_REUSEADDR,
                                                              SO_REUSEPORT, SO_SNDBUF, TCP_NODELAY)
from portable_server.compat.sockets._jython.failures import error_from_errno

_INT = struct.Struct('i')
_LINGER = struct.Struct('ii')

_FLAGS = {
    (SOL_SOCKET, SO_REUSEADDR): StandardSocketOptions.SO_REUSEADDR,
    (SOL_SOCKET, SO_KEEPALIVE): StandardSocketOptions.SO_KEEPALIVE,
    (IPPROTO_TCP, TCP_NODELAY): StandardSocketOptions.TCP_NODELAY,
}
if hasattr(StandardSocketOptions, 'SO_REUSEPORT'):      # Java 9
    _FLAGS[SOL_SOCKET, SO_REUSEPORT] = StandardSocketOptions.SO_REUSEPORT
_SIZES = {
    (SOL_SOCKET, SO_RCVBUF): StandardSocketOptions.SO_RCVBUF,
    (SOL_SOCKET, SO_SNDBUF): StandardSocketOptions.SO_SNDBUF,
}
_LINGER_KEY = (SOL_SOCKET, SO_LINGER)


def to_java(level, name, value):
    """(option, value) for a channel's setOption.  Raises error ENOPROTOOPT, EINVAL."""
    if not isinstance(level, int) or not isinstance(name, int):
        raise TypeError('level and option are numbers, not %r and %r' % (level, name))
    key = (level, name)
    if key == _LINGER_KEY:
        return StandardSocketOptions.SO_LINGER, Integer(_linger_seconds(value))
    number = _number(value)
    if key in _FLAGS:
        return _FLAGS[key], Boolean(bool(number))
    if key in _SIZES:
        return _SIZES[key], Integer(max(number, 1))
    raise error_from_errno(errno.ENOPROTOOPT)


def _number(value):
    if not isinstance(value, (str, bytearray)):
        return int(value)
    if len(value) < _INT.size:
        raise error_from_errno(errno.EINVAL)
    return _INT.unpack_from(str(value))[0]


def _linger_seconds(value):
    """C's struct linger {on, seconds}; in Java a negative time means off."""
    if not isinstance(value, (str, bytearray)) or len(value) < _LINGER.size:
        raise error_from_errno(errno.EINVAL)
    switched_on, seconds = _LINGER.unpack_from(str(value))
    return seconds if switched_on else -1


def from_java(channel, level, name, length):
    """The option's value: int, or bytes as C has them where `length` is given."""
    key = (level, name)
    if key == _LINGER_KEY:
        return _linger_value(channel.getOption(StandardSocketOptions.SO_LINGER), length)
    option = _FLAGS.get(key) or _SIZES.get(key)
    if option is None:
        raise error_from_errno(errno.ENOPROTOOPT)
    return packed(int(channel.getOption(option)), length)


def packed(number, length):
    return _INT.pack(number)[:length] if length else number


def _linger_value(seconds, length):
    seconds = -1 if seconds is None else int(seconds)
    value = _LINGER.pack(int(seconds >= 0), max(seconds, 0))
    return value[:length] if length else int(seconds >= 0)

"""Calls in which a thread may wait: what is put in the place of `Event.wait`, and the like.

A call is a violation by what it might do, as the kernel's `might_sleep` has it: a `get`
from a queue that happens to have an item is one as well.  Only what cannot wait at all is
none: a time-out of 0, a socket that does not block, `put` into a queue without a limit.

An operation is opaque: locks that it takes inside and calls that it makes are its own
affair, so the outermost one is reported and nothing within.
"""
from __future__ import absolute_import, division, print_function

import functools
import socket

from portable_server.litmus.watch import stacks, state
from portable_server.litmus.watch.guarding import lock_behind
from portable_server.litmus.watch.held import local

#: calls through which others wait
_THROUGH = ('threading', 'portable_server.compat.threads.python2.condition',
            'portable_server.compat.threads.python2.waiting')
#: parts of this package that make threads wait on purpose, in the middle of a case
_MACHINERY = ('portable_server.litmus.schedule', 'portable_server.litmus.racing')


def _always(arguments, named):
    return True


def timeout_at(index, name='timeout'):
    """A function: does a call with these arguments wait?  By its time-out's place."""
    def waits(arguments, named):
        timeout = arguments[index] if len(arguments) > index else named.get(name)
        return timeout is None or timeout > 0
    return waits


def _seconds(arguments, named):
    return not arguments or arguments[0] > 0


def _flagged(index):
    """The same for (blocking, time-out) arguments that begin at `index`."""
    by_timeout = timeout_at(index + 1)

    def waits(arguments, named):
        flag = arguments[index] if len(arguments) > index else named.get(
            'block', named.get('blocking', True))
        return bool(flag) and by_timeout(arguments, named)
    return waits


def _put(arguments, named):
    return arguments[0].maxsize > 0 and _flagged(2)(arguments, named)


def _selects(arguments, named):
    return timeout_at(3)(arguments, named)


_DO_NOT_WAIT = getattr(socket, 'MSG_DONTWAIT', 0)
_FLAGS_AT = {'recv_into': 3, 'recvfrom_into': 3, 'recvmsg': 3, 'sendmsg': 3}


def _socket_waits(name):
    """A function: may this method of a socket, called with these arguments, wait?"""
    index = _FLAGS_AT.get(name, 2)

    def waits(arguments, named):
        flags = arguments[index] if len(arguments) > index else named.get('flags', 0)
        if isinstance(flags, int) and flags & _DO_NOT_WAIT:
            return False
        return _socket_blocks(arguments[0], name)
    return waits


def _socket_blocks(connection, name):
    try:
        if connection.gettimeout() == 0:
            return False
        if name.startswith('connect'):
            return connection.type & 0xf == socket.SOCK_STREAM
    except Exception:       # closed: the call itself will say so
        return False
    return True


def _file_waits(arguments, named):
    """2.7's file over a socket: `flush` of nothing sends nothing."""
    return _socket_blocks(arguments[0]._sock, '')


def _file_flushes(arguments, named):
    return bool(arguments[0]._wbuf) and _file_waits(arguments, named)


WAITS = {
    'Thread.join': timeout_at(1), 'Event.wait': timeout_at(1), 'Barrier.wait': timeout_at(1),
    'Queue.get': _flagged(1), 'Queue.put': _put, 'Semaphore.acquire': _flagged(1),
    'Selector.select': timeout_at(1), 'time.sleep': _seconds, 'select.select': _selects,
}


def caller_is_machinery(frame):
    """bool: whether it is the schedule of a litmus case that waits."""
    while frame is not None:
        name = frame.f_globals.get('__name__', '')
        if name not in _THROUGH and not stacks.is_own(frame):
            return name in _MACHINERY
        frame = frame.f_back
    return False


def call_opaque(held, original, arguments, named):
    """Call `original`, not looking at what it does inside."""
    held.inside += 1
    try:
        return original(*arguments, **named)
    finally:
        held.inside -= 1


def socket_method(original, operation):
    """A method of a socket, or the slot that holds it, as a watched one."""
    waits = _socket_waits(operation.partition('.')[2])
    if hasattr(original, '__set__'):
        return Slot(original, operation, waits)
    return method(original, operation, waits)


def socket_file_method(original, operation):
    """A method of 2.7's file over a socket, as a watched one."""
    return method(original, operation,
                  _file_flushes if original.__name__ == 'flush' else _file_waits)


class Slot(object):
    """In place of a slot of 2.7's sockets, in which each instance keeps a C method."""

    def __init__(self, plain, operation, waits):
        self._plain, self._operation, self._waits = plain, operation, waits

    def __get__(self, instance, owner=None):
        if instance is None:
            return self._plain
        found = self._plain.__get__(instance, owner)
        held = getattr(local, 'held', None)
        if not held or held.inside:
            return found

        def call(_, *arguments, **named):
            return found(*arguments, **named)
        return functools.partial(method(call, self._operation, self._waits), instance)

    def __set__(self, instance, value):
        self._plain.__set__(instance, value)

    def __delete__(self, instance):
        self._plain.__delete__(instance)


def method(original, operation, waits=None):
    """`original`, a method in which a thread may wait, as a watched one."""
    operation = operation.replace('__enter__', 'acquire')
    waits = waits or WAITS.get(operation, _always)

    @functools.wraps(original, ('__name__', '__doc__'))
    def watched(*arguments, **named):
        held = getattr(local, 'held', None)
        if not held or held.inside:
            return original(*arguments, **named)
        session = state.current()
        if session is not None and waits(arguments, named) and not caller_is_machinery(
                stacks.getframe(1)):
            session.blocking(held, operation)
        return call_opaque(held, original, arguments, named)
    return watched


def opaque_method(original, operation):
    """`original`, which waits inside and harms nobody, so that its waits are not looked at."""
    @functools.wraps(original, ('__name__', '__doc__'))
    def watched(*arguments, **named):
        held = getattr(local, 'held', None)
        if not held:
            return original(*arguments, **named)
        return call_opaque(held, original, arguments, named)
    return watched


class Function(object):
    """A watched function of a module: an object, which Jython binds to nothing."""

    def __init__(self, original, operation):
        self.original, self._operation = original, operation
        self._waits = WAITS.get(operation, _always)
        self.__name__ = getattr(original, '__name__', operation)
        self.__doc__ = original.__doc__

    def __call__(self, *arguments, **named):
        held = getattr(local, 'held', None)
        if held and not held.inside and self._waits(arguments, named):
            session = state.current()
            if session is not None and not caller_is_machinery(stacks.getframe(1)):
                session.blocking(held, self._operation)
            return call_opaque(held, self.original, arguments, named)
        return self.original(*arguments, **named)

    def __repr__(self):
        return '<watched %r>' % (self.original,)


def condition_wait(original):
    """`Condition.wait`: legal with its own lock alone, a violation with any other."""
    def wait(self, timeout=None):
        held = getattr(local, 'held', None)
        if not held or held.inside:
            return original(self, timeout)
        session = state.current()
        own = lock_behind(self)
        others = [lock for lock in held if lock is not own]
        if session is not None and own in held:
            session.ends_hold(own)
        if session is not None and others and (timeout is None or timeout > 0):
            if not caller_is_machinery(stacks.getframe(1)):
                session.blocking(held, 'Condition.wait', others)
        return call_opaque(held, original, (self, timeout), {})
    return wait

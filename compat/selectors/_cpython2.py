"""Python 3's DefaultSelector for CPython 2.7, over epoll or poll.  Goes when 2.7 goes."""
from __future__ import absolute_import, division, print_function

import errno
import math
import select

from portable_server.compat.selectors._keys import (EVENT_READ, EVENT_WRITE, SelectorKey,
                                                    check_events, check_not_closed)
from portable_server.compat.selectors._waker import Waker

_IN, _OUT = select.POLLIN, select.POLLOUT       # EPOLLIN and EPOLLOUT are the same


def _mask(events):
    return (_IN if events & EVENT_READ else 0) | (_OUT if events & EVENT_WRITE else 0)


def _descriptor(fileobj):
    descriptor = fileobj if isinstance(fileobj, int) else int(fileobj.fileno())
    if descriptor < 0:
        raise ValueError('Invalid file descriptor: %d' % descriptor)
    return descriptor


def _is_closed(fileobj):
    return not isinstance(fileobj, int) and int(fileobj.fileno()) < 0


class DefaultSelector(object):
    """As https://docs.python.org/3/library/selectors.html; see `compat.selectors`."""

    def __init__(self):
        self._keys = {}             # descriptor -> SelectorKey
        self._waker = Waker()
        if hasattr(select, 'epoll'):
            self._poller, self._units_per_second = select.epoll(), 1
        else:
            self._poller, self._units_per_second = select.poll(), 1000
        self._poller.register(self._waker.fileno(), _IN)

    def register(self, fileobj, events, data=None):
        check_events(events)
        check_not_closed(self._keys)
        key = SelectorKey(fileobj, _descriptor(fileobj), events, data)
        if key.fd in self._keys:
            raise KeyError('%r (FD %d) is already registered' % (fileobj, key.fd))
        self._poller.register(key.fd, _mask(events))
        self._keys[key.fd] = key
        return key

    def modify(self, fileobj, events, data=None):
        check_events(events)
        key = self.get_key(fileobj)._replace(events=events, data=data)
        self._poller.modify(key.fd, _mask(events))
        self._keys[key.fd] = key
        return key

    def unregister(self, fileobj):
        key = self._keys.pop(self.get_key(fileobj).fd)
        try:
            self._poller.unregister(key.fd)
        except (EnvironmentError, KeyError):
            pass                    # closed already: the kernel has forgotten it
        return key

    def get_key(self, fileobj):
        for key in self._keys.values() if _is_closed(fileobj) else ():
            if key.fileobj is fileobj:
                return key
        try:
            return self._keys[_descriptor(fileobj)]
        except KeyError:
            raise KeyError('%r is not registered' % (fileobj,))

    def get_map(self):
        """{fileobj: SelectorKey} of what is registered; None once closed."""
        if self._keys is None:
            return None
        return dict((key.fileobj, key) for key in self._keys.values())

    def select(self, timeout=None):
        """[(key, events)] of what is ready; [] after `timeout` seconds or `wakeup`."""
        ready = []
        for descriptor, mask in self._poll(timeout):
            key = self._keys.get(descriptor)
            events = ((EVENT_WRITE if mask & ~_IN else 0)
                      | (EVENT_READ if mask & ~_OUT else 0))
            if key is not None and events & key.events:
                ready.append((key, events & key.events))
        self._waker.drain()
        return ready

    def _poll(self, timeout):
        wait = -1
        if timeout is not None:     # whole milliseconds, not less than what was asked
            wait = math.ceil(max(timeout, 0) * 1e3) * 1e-3 * self._units_per_second
        try:
            return self._poller.poll(wait)
        except (EnvironmentError, select.error) as problem:
            if problem.args[0] == errno.EINTR:
                return []
            raise

    def wakeup(self):
        """Make `select` in another thread, or else the next one, return at once."""
        self._waker.wake()

    def close(self):
        if self._keys is None:
            return
        self._keys = None
        if hasattr(self._poller, 'close'):
            self._poller.close()
        self._waker.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

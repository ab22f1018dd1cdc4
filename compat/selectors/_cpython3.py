"""The standard library's selector with a wakeup."""
from __future__ import absolute_import, division, print_function

import selectors

from portable_server.compat.selectors._waker import Waker


class DefaultSelector(selectors.DefaultSelector):
    """As `selectors.DefaultSelector`; see `compat.selectors`."""

    def __init__(self):
        super(DefaultSelector, self).__init__()
        self._waker = Waker()
        key = super(DefaultSelector, self).register(self._waker, selectors.EVENT_READ)
        # watched by the kernel, but neither in get_map() nor in what select() returns:
        # every selector of the standard library passes over descriptors without a key
        del self._fd_to_key[key.fd]

    def select(self, timeout=None):
        """[(key, events)] of what is ready; [] after `timeout` seconds or `wakeup`."""
        ready = super(DefaultSelector, self).select(timeout)
        self._waker.drain()
        return ready

    def wakeup(self):
        """Make `select` in another thread, or else the next one, return at once."""
        self._waker.wake()

    def close(self):
        if self.get_map() is not None:
            super(DefaultSelector, self).close()
            self._waker.close()

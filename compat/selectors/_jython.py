"""Python 3's DefaultSelector over a Selector of java.nio.

A channel that is closed, or whose key is cancelled, keeps its descriptor until its
selector selects once more.  So `unregister` keeps the key and only empties its
interest, and a socket that is closed tells its selectors (`_flush`).

Java waits for "may connect" and "may accept" where C waits for "may write" and "may
read"; and after "may connect" the connect must be finished, which is done here.
"""
from __future__ import absolute_import, division, print_function

from java.lang import Exception as JavaException, System
from java.nio.channels import ClosedSelectorException, Selector
from java.util import ArrayList
from java.util.concurrent.locks import ReentrantLock

from portable_server.compat.selectors._keys import (EVENT_READ, EVENT_WRITE, SelectorKey,
                                                    check_events, check_not_closed)
from portable_server.compat.sockets._jython import failures
from portable_server.compat.sockets._jython.readiness import ACCEPT, CONNECT, READ, WRITE

_READING, _WRITING = READ | ACCEPT, WRITE | CONNECT
_NANOSECONDS_PER_MILLISECOND = 1000000


def _check_open(fileobj):
    if fileobj.fileno() < 0:
        raise ValueError('Invalid file descriptor: %d' % fileobj.fileno())


class DefaultSelector(object):
    """As https://docs.python.org/3/library/selectors.html; see `compat.selectors`."""

    def __init__(self):
        try:
            self._selector = Selector.open()
        except JavaException as problem:
            raise failures.translate(problem, 'select')     # out of descriptors
        self._keys = {}                     # socket -> SelectorKey
        self._selecting = ReentrantLock()
        self._woken = False

    def register(self, fileobj, events, data=None):
        check_events(events)
        check_not_closed(self._keys)
        if fileobj in self._keys:
            raise KeyError('%r is already registered' % (fileobj,))
        _check_open(fileobj)
        key = SelectorKey(fileobj, fileobj.fileno(), events, data)
        self._keys[fileobj] = key
        self._watch(key)
        return key

    def modify(self, fileobj, events, data=None):
        check_events(events)
        key = self.get_key(fileobj)._replace(events=events, data=data)
        self._keys[fileobj] = key
        self._watch(key)
        return key

    def unregister(self, fileobj):
        key = self.get_key(fileobj)
        del self._keys[fileobj]
        watched = fileobj._current().keyFor(self._selector)
        try:
            if watched is not None:
                watched.interestOps(0)
                watched.attach(None)
        except JavaException:
            pass                            # closed already
        return key

    def _watch(self, key):
        channel = key.fileobj._current()
        operations = key.fileobj._operations(key.events)
        try:
            watched = channel.keyFor(self._selector)
            if watched is None:
                key.fileobj._selected_by(self)
                channel.register(self._selector, operations, key)
            else:
                watched.attach(key)
                watched.interestOps(operations)
        except JavaException as problem:
            del self._keys[key.fileobj]
            raise failures.translate(problem, 'select')
        if self._selecting.isLocked() and not self._selecting.isHeldByCurrentThread():
            self._selector.wakeup()         # it goes on selecting, with this one

    def get_key(self, fileobj):
        try:
            return self._keys[fileobj]
        except KeyError:
            _check_open(fileobj)
            raise KeyError('%r is not registered' % (fileobj,))

    def get_map(self):
        """{fileobj: SelectorKey} of what is registered; None once closed."""
        return None if self._keys is None else dict(self._keys)

    def select(self, timeout=None):
        """[(key, events)] of what is ready; [] after `timeout` seconds or `wakeup`.

        Raises ValueError once it is closed, also where that happens meanwhile.
        """
        deadline = None
        if timeout is not None:
            deadline = System.nanoTime() + long(max(timeout, 0) * 1e9)  # noqa: F821
        self._selecting.lock()
        try:
            while True:
                remaining = self._select_once(deadline)
                ready = self._ready()
                if ready or self._woken or remaining is not None and remaining <= 0:
                    self._woken = False
                    return ready
        except ClosedSelectorException:
            raise ValueError('the selector is closed')
        finally:
            self._selecting.unlock()

    def _select_once(self, deadline):
        """Nanoseconds that were left before it; None without a deadline."""
        if deadline is None:
            self._selector.select()
            return None
        remaining = deadline - System.nanoTime()
        if remaining <= 0:
            self._selector.selectNow()
        else:                               # whole milliseconds, not less than asked
            self._selector.select(-(-remaining // _NANOSECONDS_PER_MILLISECOND))
        return remaining

    def _ready(self):
        selected, ready = self._selector.selectedKeys(), []
        for watched in ArrayList(selected):
            try:
                operations, key = watched.readyOps(), watched.attachment()
            except JavaException:
                continue                    # closed meanwhile
            if key is None:
                continue                    # unregistered meanwhile
            if operations & CONNECT:
                self._connected(watched, key)
            events = ((EVENT_READ if operations & _READING else 0)
                      | (EVENT_WRITE if operations & _WRITING else 0))
            ready.append((key, events & key.events))
        selected.clear()
        return ready

    def _connected(self, watched, key):
        """Finish the connect: SO_ERROR, or the first use, tells how it ended."""
        if key.fileobj._connect_ended():
            watched.interestOps(key.fileobj._operations(key.events))

    def wakeup(self):
        """Make `select` in another thread, or else the next one, return at once."""
        self._woken = True
        self._selector.wakeup()

    def _flush(self):
        """Let go of the channels that were closed."""
        if self._selecting.tryLock():
            try:
                if self._selector.isOpen():
                    self._selector.selectNow()
            finally:
                self._selecting.unlock()
        else:
            self._selector.wakeup()

    def close(self):
        if self._keys is None:
            return
        self._keys = None
        self._selector.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

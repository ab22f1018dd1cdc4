"""Semaphore, Event and Barrier under the scheduler, like the locks in `locks`."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus.explore.locks import Shared, seconds

_BrokenBarrierError = threads.BrokenBarrierError


class Semaphore(Shared):
    """`threading.Semaphore`."""

    def __init__(self, value=1):
        if value < 0:
            raise ValueError('there cannot be %r permits' % (value,))
        self._value = value
        super(Semaphore, self).__init__()

    def _state(self):
        return self._value

    def _restore(self, state):
        self._value = state

    def acquire(self, blocking=True, timeout=None):
        if not blocking and timeout is not None:
            raise ValueError('who does not wait needs no time-out')
        return self._acquire(seconds(blocking, timeout))

    def __enter__(self):
        return self._acquire(None, True)

    def _acquire(self, limit, entering=False):
        run = self._point(entering)
        while not self._value:
            if limit == 0 or not self._wait(run, limit):
                return False
        self._value -= 1
        return True

    def release(self, n=1):
        if n < 1:
            raise ValueError('%r permits cannot be given back' % (n,))
        run = self._point()
        self._value += n
        self._wake_all(run)

    def __exit__(self, *_):
        self.release()


class BoundedSemaphore(Semaphore):
    """`threading.BoundedSemaphore`."""

    def __init__(self, value=1):
        super(BoundedSemaphore, self).__init__(value)
        self._most = value

    def release(self, n=1):
        run = self._here()
        if run is not None and run.stopping:
            return
        if n > self._most - self._value:
            raise ValueError('more permits than there were at first (%d)' % self._most)
        super(BoundedSemaphore, self).release(n)


class Event(Shared):
    """`threading.Event`: `set` wakes all who wait, even when `clear` follows at once."""

    def __init__(self):
        self._flag = False
        super(Event, self).__init__()

    def _state(self):
        return self._flag

    def _restore(self, state):
        self._flag = state

    def is_set(self):
        self._point()
        return self._flag

    isSet = is_set

    def set(self):
        run = self._point()
        self._flag = True
        self._wake_all(run)

    def clear(self):
        self._point()
        self._flag = False

    def wait(self, timeout=None):
        run = self._point()
        if self._flag:
            return True
        if run is None and timeout is not None:
            return False
        return self._wait(run, timeout)


class Barrier(Shared):
    """`threading.Barrier`: the last of `parties` lets all go on."""

    def __init__(self, parties, action=None, timeout=None):
        self._parties, self._action, self._timeout = parties, action, timeout
        self._broken = False
        super(Barrier, self).__init__()

    def _state(self):
        return self._broken

    def _restore(self, state):
        self._broken = state

    @property
    def broken(self):
        return self._broken

    @property
    def parties(self):
        return self._parties

    @property
    def n_waiting(self):
        return len(self._waiters)

    def wait(self, timeout=None):
        run = self._point()
        if self._broken:
            raise _BrokenBarrierError()
        number = len(self._waiters)
        if number + 1 == self._parties:
            self._last(run)
        elif not self._wait(run, self._timeout if timeout is None else timeout):
            self.abort()
            raise _BrokenBarrierError()
        elif run.current in self._failed:
            raise _BrokenBarrierError()
        return number

    _failed = ()        # the actors whom the last breaking found here

    def _last(self, run):
        try:
            if self._action is not None:
                self._action()
        except BaseException:
            self.abort()
            raise
        self._failed = ()
        self._wake_all(run)

    def _break(self):
        run = self._point()
        self._failed = list(self._waiters)
        self._wake_all(run)

    def abort(self):
        self._broken = True
        self._break()

    def reset(self):
        self._break()
        self._broken = False

"""Barrier: as many threads as agreed meet, then all go on.  (After CPython 3.8.)

A barrier fills until all parties are there, then drains, and can then be used
again.  A thread that comes while it drains waits outside.  `reset` sends the
waiting threads away with BrokenBarrierError; `abort` does, and stays broken.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat.threads.python2.condition import Condition
from portable_server.compat.threads.python2.lock import Lock

_FILLING, _DRAINING, _RESETTING, _BROKEN = 'filling', 'draining', 'resetting', 'broken'


class BrokenBarrierError(RuntimeError):
    """The barrier was reset or aborted, or a thread's time-out passed."""


class Barrier(object):
    """`threading.Barrier` of Python 3.8.

    parties: how many threads must meet; action: called by one of them before they
    go on; timeout: seconds that `wait` waits when it is given none.
    """

    def __init__(self, parties, action=None, timeout=None):
        self._cond = Condition(Lock())
        self._action = action
        self._timeout = timeout
        self._parties = parties
        self._state = _FILLING
        self._count = 0

    def wait(self, timeout=None):
        """int: 0 to parties - 1, another for each thread, once all have come.

        Raises BrokenBarrierError after `timeout` seconds, on reset and on abort.
        """
        if timeout is None:
            timeout = self._timeout
        with self._cond:
            self._enter()
            index = self._count
            self._count += 1
            try:
                if index + 1 == self._parties:
                    self._release()
                else:
                    self._wait(timeout)
                return index
            finally:
                self._count -= 1
                self._exit()

    def _enter(self):
        while self._state in (_DRAINING, _RESETTING):
            self._cond.wait()
        if self._state == _BROKEN:
            raise BrokenBarrierError

    def _release(self):
        try:
            if self._action:
                self._action()
            self._state = _DRAINING
            self._cond.notify_all()
        except:     # noqa: E722 - whatever the action raised, nobody may wait on
            self._break()
            raise

    def _wait(self, timeout):
        if not self._cond.wait_for(lambda: self._state != _FILLING, timeout):
            self._break()
            raise BrokenBarrierError
        if self._state in (_RESETTING, _BROKEN):
            raise BrokenBarrierError

    def _exit(self):
        if self._count == 0 and self._state in (_DRAINING, _RESETTING):
            self._state = _FILLING
            self._cond.notify_all()

    def reset(self):
        """Back to empty; threads that wait get BrokenBarrierError."""
        with self._cond:
            if self._count == 0:
                self._state = _FILLING
            elif self._state in (_FILLING, _BROKEN):
                self._state = _RESETTING
            self._cond.notify_all()

    def abort(self):
        """Break the barrier; threads that wait or come get BrokenBarrierError."""
        with self._cond:
            self._break()

    def _break(self):
        self._state = _BROKEN
        self._cond.notify_all()

    @property
    def parties(self):
        """int: how many threads must meet."""
        return self._parties

    @property
    def n_waiting(self):
        """int: how many threads wait at the moment."""
        return self._count if self._state == _FILLING else 0

    @property
    def broken(self):
        """bool: whether the barrier is broken."""
        return self._state == _BROKEN

"""Lock, RLock and Condition under the scheduler: what `threading` gives while it explores.

Since one actor runs at a time, a lock is two attributes.  To acquire one that is held is to
wait in its list until whoever releases it makes all waiters runnable; each looks again, so that
any of them, or an actor that comes by, may be first.

A lock made at the import of a module outlives an execution, in which it may have been held at
the end.  So each execution finds it as it was outside of all executions (`Shared._here`).
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus.explore import points
from portable_server.litmus.explore.run import WouldBlock

#: who holds what is acquired outside of an execution
OUTSIDE = 'outside'


class Shared(object):
    """What synchronises actors: a point before each operation, a state for each execution."""

    def __init__(self):
        self._run = points.active
        self._waiters = []
        self._outside = self._state()

    def _state(self):
        """What an execution changes."""

    def _restore(self, state):
        """Take this state."""

    def _point(self, entering=False):
        """A scheduling point before an operation; then the Run, None outside of one."""
        run = points.run
        if run is not None and points.here() is run:
            run.step += 1
            if run.step >= run.ask_at:
                run.ask(run.entering if entering else None, self)
        return self._here()

    def _here(self):
        active = points.here()
        if active is None and points.active is not None:
            return None                 # a thread that is no actor: the state is as it is
        if self._run is not active:
            if self._run is None:
                self._outside = self._state()
            self._run = active
            self._waiters = []
            self._restore(self._outside)
        return active

    def _wait(self, run, timeout=None):
        """Stand in the list of waiters; False where the time ran out."""
        if run is None:
            raise WouldBlock('%s: this would wait for ever' % type(self).__name__)
        return run.block(self._waiters, self, timeout)

    def _wake_all(self, run):
        if run is not None:
            for actor in list(self._waiters):
                run.wake(actor)


def _me(run):
    return OUTSIDE if run is None else run.current


def seconds(blocking, timeout):
    """The time-out of `acquire(blocking, timeout)`: None for no limit. Raises ValueError."""
    if timeout is None or timeout == -1:
        return None if blocking else 0
    if not blocking:
        raise ValueError("can't specify a timeout for a non-blocking call")
    if timeout < 0:
        raise ValueError('timeout value must be a non-negative number')
    return timeout


class _Owned(Shared):
    """What both locks do alike; `owner` is the actor that acquired it."""

    def acquire(self, blocking=True, timeout=-1):
        return self._acquire(seconds(blocking, timeout))

    def __enter__(self):
        return self._acquire(None, True)

    def locked(self):
        self._point()
        return self.owner is not None

    def __exit__(self, *_):
        self.release()


class Lock(_Owned):
    """`threading.Lock`."""

    def __init__(self):
        self.owner = None
        super(Lock, self).__init__()

    def _state(self):
        return self.owner

    def _restore(self, state):
        self.owner = state

    def _acquire(self, limit, entering=False):
        run = self._point(entering)
        while self.owner is not None:
            if limit == 0 or not self._wait(run, limit):
                return False
        self.owner = _me(run)
        return True

    def release(self):
        run = self._here()
        if run is not None and run.stopping:
            return
        if self.owner is None:
            raise RuntimeError('release unlocked lock')
        self.owner = None
        self._wake_all(run)

    acquire_lock, release_lock, locked_lock = _Owned.acquire, release, _Owned.locked

    def _is_owned(self):
        return self.owner is not None


class RLock(_Owned):
    """`threading.RLock`."""

    def __init__(self):
        self.owner, self._count = None, 0
        super(RLock, self).__init__()

    def _state(self):
        return self.owner, self._count

    def _restore(self, state):
        self.owner, self._count = state

    def _acquire(self, limit, entering=False):
        run = self._point(entering)
        me = _me(run)
        while self.owner is not None and self.owner is not me:
            if limit == 0 or not self._wait(run, limit):
                return False
        self.owner = me
        self._count += 1
        return True

    def release(self):
        run = self._here()
        if run is not None and run.stopping:
            return
        if self.owner is not _me(run) or not self._count:
            raise RuntimeError('cannot release un-acquired lock')
        self._count -= 1
        if not self._count:
            self.owner = None
            self._wake_all(run)

    def _is_owned(self):
        return self.owner is not None and self.owner is _me(self._here())

    def _release_save(self):
        count, self._count = self._count, 1
        self.release()
        return count

    def _acquire_restore(self, count):
        self.acquire()
        self._count = count


class Condition(Shared):
    """`threading.Condition`: who waits stands in the list until a notification takes it out."""

    def __init__(self, lock=None):
        self._lock = RLock() if lock is None else lock
        self.acquire, self.release = self._lock.acquire, self._lock.release
        super(Condition, self).__init__()

    def __enter__(self):
        return self._lock.__enter__()

    def __exit__(self, *details):
        return self._lock.__exit__(*details)

    def _is_owned(self):
        owned = getattr(self._lock, '_is_owned', None)
        return True if owned is None else owned()

    def wait(self, timeout=None):
        run = self._here()
        if run is None or not run.stopping:
            if not self._is_owned():
                raise RuntimeError('cannot wait on un-acquired lock')
        save = getattr(self._lock, '_release_save', None)
        saved = self._lock.release() if save is None else save()
        try:
            return self._wait(run, timeout)
        finally:
            self._take_again(run, save, saved)

    def _take_again(self, run, save, saved):
        if run is not None and run.stopping:
            return
        if save is None:
            self._lock.acquire()
        else:
            self._lock._acquire_restore(saved)

    def wait_for(self, predicate, timeout=None):
        run = self._here()
        end = None if timeout is None or run is None else run.now + timeout
        result = predicate()
        while not result:
            remaining = None if end is None else end - run.now
            if remaining is not None and remaining <= 0:
                break
            self.wait(remaining)
            result = predicate()
        return result

    def notify(self, n=1):
        run = self._point()
        if run is not None and run.stopping:
            return
        if not self._is_owned():
            raise RuntimeError('cannot notify on un-acquired lock')
        for actor in list(self._waiters)[:n]:
            run.wake(actor)

    def notify_all(self):
        self.notify(len(self._waiters))

    notifyAll = notify_all


__all__ = ['Condition', 'Lock', 'OUTSIDE', 'RLock', 'Shared', 'WouldBlock', 'seconds']

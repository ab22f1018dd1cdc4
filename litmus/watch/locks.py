"""The watched Lock and RLock: the plain one inside, and who holds it where since when.

The methods `acquire` and `release` are set on the classes when a session begins: those of
`fast`, or those here which take the session's long way; when no session is on, the classes
pass straight through to the plain lock.  A lock thus outlives its session as a plain lock.

What is told about a hold is written after the plain lock was acquired and before it is
released, so it has one writer, the holder (or whoever releases a Lock for it).
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus.watch import fast, state
from portable_server.litmus.watch.held import of_this_thread
from portable_server.litmus.watch.stacks import getframe


class Watched(object):
    """What a watched lock knows.

    kind: the LockClass; rank: of the order among its instances; holder: the Held of the
    thread that holds it, None while it is free; count: how often (RLock); frame, position:
    where it was taken; since: when, by the session's clock or `fast.tick`.
    """

    __slots__ = ('inner', 'kind', 'rank', 'holder', 'count', 'frame', 'position', 'since',
                 '__weakref__')

    type_name = 'Lock'
    timed = True
    reentrant = False

    # What a Condition asks of its lock.  Not an end of a hold that is reported: see
    # `blocking.condition_wait`, which looks before.

    def _release_save(self):
        saved = self.holder, self.frame, self.position, self.count
        self.count = 0
        _forget(self)
        return saved + (_release_all(self.inner, saved[-1]),)

    def _acquire_restore(self, saved):
        holder, frame, position, count, inner_saved = saved
        _acquire_all(self.inner, count, inner_saved)
        session = state.current()
        if holder is not None and session is not None:
            session.note(self, holder, frame, position)
            self.count = count

    def _is_owned(self):
        is_owned = getattr(self.inner, '_is_owned', None)
        return self.inner.locked() if is_owned is None else is_owned()

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def __repr__(self):
        return '<watched %r of class %r>' % (self.inner, self.kind.name)


def _release_all(inner, count):
    """Give up all levels of the plain lock; what `_acquire_all` needs to have them back."""
    save = getattr(inner, '_release_save', None)
    if save is not None:
        return save()
    for _ in range(max(count, 1)):
        inner.release()


def _acquire_all(inner, count, saved):
    restore = getattr(inner, '_acquire_restore', None)
    if restore is not None:
        return restore(saved)
    for _ in range(max(count, 1)):
        inner.acquire()


def wrap(cls, inner, kind):
    """A watched lock of class `cls` around the plain one `inner`."""
    lock = object.__new__(cls)
    lock.inner, lock.kind, lock.rank = inner, kind, None
    lock.holder = lock.frame = lock.position = None
    lock.count, lock.since = 0, 0.0
    return lock


def _plain_acquire(self, blocking=True, timeout=-1):
    if timeout == -1:
        return self.inner.acquire(blocking)
    return self.inner.acquire(blocking, timeout)


def _forget(self):
    """Take the lock from what its holder has."""
    holder = self.holder
    if holder is not None:
        self.holder = self.frame = None
        holder.discard(self)


def _plain_release(self):
    if self.count > 1:
        self.count -= 1
    else:
        self.count = 0
        _forget(self)
    self.inner.release()


def _plain_exit(self, *_):
    self.release()


def plain_methods():
    """The methods while no session is on."""
    return {'acquire': _plain_acquire, '__enter__': _plain_acquire,
            'release': _plain_release, '__exit__': _plain_exit}


def methods(session, reentrant):
    """The methods during `session`; None: while none is on."""
    if session is None:
        return plain_methods()
    if session.ticks:
        return fast.methods(session, reentrant)

    def acquire(self, blocking=True, timeout=-1):
        return session.acquire(self, of_this_thread(), blocking, timeout, getframe(1))

    def leave(self, kind=None, value=None, traceback=None):
        session.leave(self, kind)

    return {'acquire': acquire, '__enter__': acquire,
            'release': lambda self: session.release(self), '__exit__': leave}

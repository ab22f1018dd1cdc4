"""The watched Lock and RLock: the plain one inside, and who holds it where since when.

The thread's list of held locks is the whole of the bookkeeping.  A thread that holds
nothing takes the short way: one look at that list, the plain `acquire`, one append.
Only a thread which holds something already is asked about order and about waiting.

The methods are made by `methods` for each session, over its clock and its lists, and
set on the classes when it begins; when no session is on, the classes pass straight
through to the plain lock.  A lock thus outlives its session as a plain lock.

What is told about a hold is written before the plain lock is released and after it was
acquired, so it has one writer, the holder (or whoever releases a Lock for it).
"""
from __future__ import absolute_import, division, print_function

from litmus.watch import state
from litmus.watch.held import local, of_this_thread
from litmus.watch.stacks import getframe


class Watched(object):
    """What a watched lock knows.

    kind: the LockClass; rank: of the order among its instances; holder: the list of held
    locks of the thread that holds it, None while it is free; count: how often (RLock);
    frame, line: where it was taken; since: when, by the session's clock.
    """

    __slots__ = ('inner', 'kind', 'rank', 'holder', 'count', 'frame', 'line', 'since',
                 '__weakref__')

    type_name = 'Lock'
    timed = True
    reentrant = False

    # What a Condition asks of its lock.  Not an end of a hold that is reported: see
    # `blocking.condition_wait`, which looks before.

    def _release_save(self):
        saved = self.holder, self.frame, self.line, self.count
        self.count = 0
        _forget(self)
        return saved + (_release_all(self.inner, saved[-1]),)

    def _acquire_restore(self, saved):
        holder, frame, line, count, inner_saved = saved
        _acquire_all(self.inner, count, inner_saved)
        if holder is not None and state.current() is not None:
            self.frame, self.line, self.count = frame, line, count
            self.holder = holder
            holder.append(self)
            self.since = state.current().clock()

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
    lock.holder = lock.frame = lock.line = None
    lock.count, lock.since = 0, 0.0
    return lock


def _plain_acquire(self, blocking=True, timeout=-1):
    if timeout == -1:
        return self.inner.acquire(blocking)
    return self.inner.acquire(blocking, timeout)


def _forget(self):
    """Take the lock from its holder's list; returns that list and the time of the hold."""
    holder = self.holder
    if holder is not None:
        self.holder = self.frame = None
        try:
            holder.remove(self)
        except ValueError:      # another session's list, emptied
            pass


def _plain_release(self):
    if self.count > 1:
        self.count -= 1
    else:
        self.count = 0
        _forget(self)
    self.inner.release()


def _plain_exit(self, *_):
    self.release()


def plain_methods(reentrant):
    """The methods while no session is on."""
    return {'acquire': _plain_acquire, '__enter__': _plain_acquire,
            'release': _plain_release, '__exit__': _plain_exit}


def lock_methods(session):
    """The methods of a watched Lock during `session`."""
    clock, limit = session.clock, session.hold_limit

    def acquire(self, blocking=True, timeout=-1):
        try:
            held = local.held
        except AttributeError:
            held = of_this_thread()
        if held:
            if not session.acquire_nested(self, held, blocking, timeout):
                return False
        elif timeout == -1:
            if not self.inner.acquire(blocking):
                return False
        elif not self.inner.acquire(blocking, timeout):
            return False
        frame = getframe(1)
        self.frame, self.line = frame, frame.f_lineno
        self.holder = held
        held.append(self)
        self.since = clock()
        return True

    def release(self):
        holder = self.holder
        if holder is None:
            return self.inner.release()
        since, frame, line = self.since, self.frame, self.line
        self.holder = self.frame = None
        try:
            holder.remove(self)
        except ValueError:
            pass
        self.inner.release()
        if clock() - since > limit:
            session.held_too_long(self, holder, since, frame, line)

    def leave(self, kind, value, traceback):
        if kind is None:
            self.release()
        else:
            session.release_quietly(self)

    return {'acquire': acquire, '__enter__': acquire, 'release': release,
            '__exit__': leave}


def rlock_methods(session):
    """The methods of a watched RLock: of all levels only the outermost is an event."""
    clock, limit = session.clock, session.hold_limit

    def acquire(self, blocking=True, timeout=-1):
        try:
            held = local.held
        except AttributeError:
            held = of_this_thread()
        if held:
            if self.holder is held:
                self.inner.acquire(blocking)
                self.count += 1
                return True
            if not session.acquire_nested(self, held, blocking, timeout):
                return False
        elif timeout == -1:
            if not self.inner.acquire(blocking):
                return False
        elif not self.inner.acquire(blocking, timeout):
            return False
        self.count = 1
        frame = getframe(1)
        self.frame, self.line = frame, frame.f_lineno
        self.holder = held
        held.append(self)
        self.since = clock()
        return True

    def release(self):
        holder = self.holder
        if holder is None or holder is not getattr(local, 'held', None):
            return self.inner.release()     # not its owner: the plain lock raises
        if self.count > 1:
            self.count -= 1
            return self.inner.release()
        since, frame, line = self.since, self.frame, self.line
        self.count = 0
        self.holder = self.frame = None
        try:
            holder.remove(self)
        except ValueError:
            pass
        self.inner.release()
        if clock() - since > limit:
            session.held_too_long(self, holder, since, frame, line)

    def leave(self, kind, value, traceback):
        if kind is None:
            self.release()
        else:
            session.release_quietly(self)

    return {'acquire': acquire, '__enter__': acquire, 'release': release,
            '__exit__': leave}

"""The long way through a watched lock, and what a thread does while it holds one."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock as compat_clock
from portable_server.litmus.watch import fast
from portable_server.litmus.watch.acquired import acquired_at, others, stack
from portable_server.litmus.watch.held import of_this_thread
from portable_server.litmus.watch.reports import BLOCKED, HELD_TOO_LONG, Violation
from portable_server.litmus.watch.stacks import POSITION


class Holding(object):
    """A part of `session.Session`."""

    def mine(self, locks):
        """list: those that were made, or named, in this session; others are as plain ones."""
        return [lock for lock in locks if lock.kind.graph is self.graph]

    def held_now(self, held):
        """list: those of mine that the thread really holds.

        Where threads run in parallel, one may release a Lock for another that is just
        about to note that it took it; such a note is found out, and dropped, here.
        """
        for lock in held:
            if lock.holder is not held or lock.count < 0 and not lock.inner.locked():
                held.discard(lock)
        return self.mine(held)

    def now(self):
        """What a lock notes as the time when it was taken."""
        return fast.tick if self.ticks else self.clock()

    def seconds_since(self, since):
        """For how long, at the least, a lock is held that noted `since`."""
        return fast.ticker.seconds_since(since) if self.ticks else self.clock() - since

    def acquire(self, lock, held, blocking, timeout, frame):
        """`lock.acquire` in full; `frame`: who calls it."""
        if lock.reentrant and lock.holder is held:
            lock.inner.acquire(blocking)
            lock.count += 1
            return True
        if not held:
            taken = _plain(lock, blocking, timeout)
        else:
            taken = self.acquire_nested(lock, held, blocking, timeout)
        if taken:
            self.note(lock, held, frame, getattr(frame, POSITION))
            if lock.reentrant:
                lock.count = 1
        return taken

    def note(self, lock, held, frame, position):
        """The thread of `held` has taken the lock, there and now."""
        lock.holder, lock.frame, lock.position = held, frame, position
        held.add(lock)
        lock.since = self.now()

    def release(self, lock):
        """`lock.release` in full; a report or Violation comes after the release."""
        holder = lock.holder
        if holder is None or lock.reentrant and holder is not of_this_thread():
            if not lock.reentrant:
                lock.count = -1     # its taker is about to note it, perhaps: see `held_now`
            return lock.inner.release()     # not held, as far as we know; RLock: not its own
        if lock.reentrant and lock.count > 1:
            lock.count -= 1
            return lock.inner.release()
        since, frame, position = lock.since, lock.frame, lock.position
        lock.holder = lock.frame = None
        if lock.reentrant:
            lock.count = 0
        holder.discard(lock)
        try:
            seconds = self.seconds_since(since)     # before others run on
        finally:
            lock.inner.release()
        if seconds > self.hold_limit:
            self.held_too_long(lock, holder, seconds, frame, position)

    def leave(self, lock, kind):
        """The end of a `with`; one that an exception ends raises nothing new."""
        if kind is None:
            return self.release(lock)
        held = of_this_thread()
        held.quiet += 1
        try:
            self.release(lock)
        finally:
            held.quiet -= 1

    def held_too_long(self, lock, holder, seconds, frame, position):
        """A hold has ended that was longer than the limit."""
        if not self.mine([lock]):
            return
        name = lock.kind.name
        self.violation(
            HELD_TOO_LONG, name, '', stack(holder, frame, position), [],
            "'%s' was held for at least %.3f seconds, the limit is %g"
            % (name, seconds, self.hold_limit),
            titles=[('violated', 'released at')])

    def still_held(self, lock, held, thread):
        """The session ends, and the lock is held: too long by now?"""
        seconds, name = self.seconds_since(lock.since), lock.kind.name
        if seconds > self.hold_limit:
            self.violation(
                HELD_TOO_LONG, name, '', stack(held, lock.frame, lock.position), [],
                "'%s' is still held by thread '%s' after %.3f seconds, the limit is %g"
                % (name, thread, seconds, self.hold_limit),
                titles=[('violated', 'the watch ended at')], may_raise=False, thread=thread)

    def ends_hold(self, lock):
        """The holder is about to wait on a Condition of `lock`, which ends this hold."""
        seconds = self.seconds_since(lock.since)
        if seconds > self.hold_limit:
            self.held_too_long(lock, lock.holder, seconds, lock.frame, lock.position)
            lock.since = self.now()

    def blocking(self, held, operation, locks=None):
        """The thread calls `operation`, which may wait, while it holds `locks`."""
        locks = self.held_now(held) if locks is None else self.mine(locks)
        if not locks:       # another thread may have released the last one just now
            return
        name = locks[-1].kind.name
        self.violation(
            BLOCKED, name, operation, acquired_at(locks[-1]), others(locks[:-1]),
            "thread '%s' calls %s while it holds '%s'" % (self.thread_name(), operation, name),
            titles=[('other', "it also holds '%s', acquired at"),
                    ('violated', '%s was called at' % operation)])

    def acquire_nested(self, lock, held, blocking, timeout):
        """Acquire `lock` for a thread that holds others; bool as of `acquire`."""
        if not blocking or timeout == 0 or held.inside or not self.mine([lock]):
            return _plain(lock, blocking, timeout)
        if lock in self.held_now(held):
            self._own_again(lock, held)
            return _plain(lock, blocking, timeout)
        self.check_order(lock, held)
        return lock.inner.acquire(False) or self._wait(lock, held, blocking, timeout)

    def _own_again(self, lock, held):
        name = lock.kind.name
        self.violation(
            BLOCKED, name, lock.type_name + '.acquire', acquired_at(lock),
            others([one for one in self.mine(held) if one is not lock]),
            "thread '%s' waits for '%s', which it holds itself: it waits for ever"
            % (self.thread_name(), name), titles=[('violated', 'acquired again at')])

    def _wait(self, lock, held, blocking, timeout):
        """Wait for a lock that another thread has; too long a wait is a violation.

        It is told of while it lasts, where the plain lock can wait with a time-out.
        """
        started, frame = self.clock(), lock.frame
        place = stack(None, frame, lock.position)
        told = False
        for part in _parts(timeout, self.hold_limit) if lock.timed else ():
            if lock.inner.acquire(True, part):
                self._waited(lock, held, place, started, told, True)
                return True
            told = self._waited(lock, held, place, started, told, False)
            if told and timeout == -1:
                break
        else:
            if lock.timed:
                return False
        taken = _plain(lock, blocking, timeout)
        self._waited(lock, held, place, started, told, taken)
        return taken

    def _waited(self, lock, held, place, started, told, taken):
        """bool: whether the wait was too long, and told of; in mode 'raise' a Violation."""
        locks = self.held_now(held)
        if told or not locks or self.clock() - started <= self.hold_limit:
            return told
        name, last = lock.kind.name, locks[-1]
        try:
            self.violation(
                BLOCKED, last.kind.name, lock.type_name + '.acquire', acquired_at(last),
                others(locks[:-1]) + [(name, place)],
                "thread '%s' waits for '%s' longer than %g seconds while it holds '%s'"
                % (self.thread_name(), name, self.hold_limit, last.kind.name))
        except Violation:
            if taken:
                lock.inner.release()
            raise
        return True


def _plain(lock, blocking, timeout):
    if timeout == -1:
        return lock.inner.acquire(blocking)
    return lock.inner.acquire(blocking, timeout)


def _parts(timeout, limit):
    """Seconds to wait at a time, so that each part ends by a look at the clock."""
    part = max(limit, 0.001) * 1.01
    deadline = None if timeout == -1 else compat_clock.monotonic() + timeout
    while deadline is None:
        yield part
    remaining = timeout
    while remaining > 0:
        yield min(part, remaining)
        remaining = deadline - compat_clock.monotonic()

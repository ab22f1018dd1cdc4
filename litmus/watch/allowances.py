"""Allowances: the violations that a program commits on purpose, by name and with a reason.

    with watch.allow('one writer', why='the lock is there to keep a message whole',
                     kinds=('blocked-while-holding',)):
        connection.sendall(message)

It holds for the thread that entered it, as long as it is in it, and each use is counted.
Time that a thread spends in an allowance for 'held-too-long' is not part of a hold.
"""
from __future__ import absolute_import, division, print_function

import functools

from portable_server.litmus.watch import state
from portable_server.litmus.watch.held import of_this_thread
from portable_server.litmus.watch.reports import HELD_TOO_LONG, KINDS

#: allowances entered for all threads
everywhere = []


class Allowance(object):
    """name; why: the reason, for the report; used: how many violations it covered."""

    def __init__(self, name, why):
        self.name = name
        self.why = why
        self.used = 0

    def __repr__(self):
        return '<Allowance %r used %d times>' % (self.name, self.used)


class Entered(object):
    """An allowance in force: covers some kinds, and maybe one class of lock only."""

    def __init__(self, name, why, kinds, lock):
        self.name, self.why, self.kinds, self.lock = name, why, kinds, lock
        self.since = None

    def covers(self, kind, lock):
        """bool: whether it speaks of this kind of violation with this lock."""
        return kind in self.kinds and self.lock in (None, lock)


class allow(object):
    """Context manager and decorator.

    name: of the allowance; why: the reason, one sentence, which the report repeats;
    kinds: those of `KINDS` that are allowed; everywhere: for all threads while it is
    entered, not for this one alone; lock: for this class of lock only.
    Raises ValueError for a kind that there is not, and without a reason.
    """

    def __init__(self, name, why, kinds=KINDS, everywhere=False, lock=None):
        kinds = (kinds,) if kinds in KINDS else tuple(kinds)
        for kind in kinds:
            if kind not in KINDS:
                raise ValueError('%r is no kind of violation; choose from %s'
                                 % (kind, ', '.join(KINDS)))
        if not why:
            raise ValueError('an allowance needs a reason: allow(%r, why=...)' % name)
        self._arguments = (name, why, kinds, lock)
        self._everywhere = everywhere
        self._entered = []

    def __enter__(self):
        session = state.current()
        entered = Entered(*self._arguments)
        if session is not None:
            session.allowance(entered.name, entered.why)
            entered.since = session.clock()
        self._list().append(entered)
        self._entered.append(entered)
        return self

    def __exit__(self, *_):
        entered = self._entered.pop()
        entries = self._list()
        if entered in entries:
            entries.remove(entered)
        session = state.current()
        if session is not None and entered.since is not None:
            _excuse(session, entered)

    def _list(self):
        return everywhere if self._everywhere else of_this_thread().allowances

    def __call__(self, function):
        @functools.wraps(function)
        def allowed(*arguments, **named):
            with allow(*self._arguments[:3], everywhere=self._everywhere,
                       lock=self._arguments[3]):
                return function(*arguments, **named)
        return allowed


def _excuse(session, entered):
    """Take the time spent in the allowance off the holds that it interrupted."""
    spent = session.clock() - entered.since
    used = False
    for lock in list(of_this_thread()):
        if lock.since <= entered.since and entered.covers(HELD_TOO_LONG, lock.kind.name):
            lock.since += spent
            used = used or spent > session.hold_limit
    if used:
        session.count(entered)

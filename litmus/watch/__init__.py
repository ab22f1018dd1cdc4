"""The watch: lock discipline checked while threads run.

    from portable_server.litmus import watch

    with watch.installed() as session:
        run_the_program()
    print(session.text())

Rule 1: hold a lock only briefly.  Rule 2: do not wait while you hold one.  And: take locks
in one order.  Where it can, the watch reports that a violation is possible (by the order
of locks, or by a call that may wait), so that it need not happen first.

How it is put together::

    replacing   what stands in the places of `threading`'s factories and of calls that wait
    locks       the watched Lock and RLock
    held        which locks each thread holds
    blocking    the watched calls
    session     what is a violation
    order       the graph of lock classes
    guarding, allowances, reports, stacks

While no session is on, nothing is replaced: `threading` is the plain `threading`.
"""
from __future__ import absolute_import, division, print_function

import contextlib
import sys

from portable_server.compat import watching
from portable_server.litmus.watch import fast, guarding, replacing, session as _session, state
from portable_server.litmus.watch.allowances import Allowance, allow
from portable_server.litmus.watch.guarding import assert_held, guarded
from portable_server.litmus.watch.reports import KINDS, Report, Violation
from portable_server.litmus.watch.session import Session
from portable_server.litmus.watch.state import current

__all__ = ['Allowance', 'KINDS', 'Report', 'Session', 'Violation', 'allow', 'assert_held',
           'current', 'guarded', 'install', 'installed', 'name', 'off', 'order', 'suspended',
           'uninstall']


def install(mode='report', hold_limit=0.1, clock=None, look_into=()):
    """Begin a Session: locks made from now on are watched, in all threads.

    mode: 'report', or 'raise' for a Violation at the place; hold_limit: seconds that a
    lock may be held; clock: function giving float seconds, `compat.clock.monotonic`;
    look_into: packages of the standard library whose own locks are watched as well, which
    otherwise are not: ('queue', 'logging').
    Sessions nest: the inner one has the reports until it ends.
    """
    session = Session(mode, hold_limit, clock, look_into)
    _push(session)
    return session


def uninstall():
    """End the innermost session and return it; RuntimeError if there is none."""
    if current() is None:
        raise RuntimeError('no watch is installed')
    return _pop()


def _push(session):
    was_off = current() is None
    state.sessions.append(session)
    _switch(was_off)


def _pop():
    was_off = current() is None
    session = state.sessions.pop()
    _switch(was_off)
    if session is not None:
        session.end()
    return session


def _switch(was_off):
    session = current()
    if was_off and session is not None:
        watching.serve(sys.modules[__name__])
        replacing.put_in()
        guarding.put_in()
    elif session is None and not was_off:
        guarding.take_out()
        replacing.take_out()
        watching.serve(None)
    if session is not None and session.ticks:
        fast.ticker.start()
    else:
        fast.ticker.stop()
    replacing.use_methods_of(session)


@contextlib.contextmanager
def installed(mode='report', hold_limit=0.1, clock=None, look_into=()):
    """`install` for a scope; gives the Session."""
    session = install(mode, hold_limit, clock, look_into)
    try:
        yield session
    finally:
        uninstall()


@contextlib.contextmanager
def suspended():
    """A scope in which nothing is watched; afterwards the session goes on."""
    _push(None)
    try:
        yield
    finally:
        _pop()


def off():
    """bool: whether nothing is watched, and so nothing replaced."""
    return current() is None


def name(lock, title, rank=None):
    """Give the class of `lock` (or of the lock of a Condition) a name; returns `lock`.

    Locks of one name are one class.  rank: instances of a class may be held at once if
    they are taken in ascending rank.  A plain lock is left as it is.
    """
    watched = guarding.lock_behind(lock)
    session = current()
    if watched is not None:
        if session is not None:
            watched.kind = session.graph.named(title)
        watched.rank = rank
    return lock


def order(*titles):
    """Declare that locks of these classes (names) are taken in this order."""
    for earlier, later in zip(titles, titles[1:]):
        if (earlier, later) not in _session.declared:
            _session.declared.append((earlier, later))
        for session in state.sessions:
            if session is not None:
                session.declare(earlier, later)

"""Which watched locks each thread holds, in the order it took them.

Most threads hold one lock at a time, so the first has a place of its own, `only`: to note
it and to forget it is one assignment each.  Others are in the list `more`.
"""
from __future__ import absolute_import, division, print_function

import threading
import weakref

from portable_server.compat.threads import get_ident


class Held(object):
    """The watched locks of one thread, oldest first, and what else it is in.

    only, more: the locks; inside: how many opaque operations (a Queue's get, say) it is in,
    whose own locks and waits are not looked at; quiet: in how many places nothing may be
    raised; allowances: those it has entered, innermost last; made: for
    `compat.interception.instruction`; ident: of the thread.
    """

    __slots__ = ('only', 'more', 'inside', 'quiet', 'allowances', 'made', 'ident', 'alive')

    def __init__(self, thread):
        self.only, self.more = None, []
        self.inside = self.quiet = 0
        self.allowances, self.made = [], {}
        self.ident = get_ident()
        self.alive = weakref.ref(thread)

    def locks(self):
        """list: the locks, oldest first."""
        only = self.only
        return list(self.more) if only is None else [only] + self.more

    def __len__(self):
        return (self.only is not None) + len(self.more)

    def __iter__(self):
        return iter(self.locks())

    def add(self, lock):
        """Note a lock that was just taken."""
        if self.only is None and not self.more:
            self.only = lock
        else:
            self.more.append(lock)

    def discard(self, lock):
        """Forget a lock, if it is there; another thread may do so for this one."""
        try:
            if self.only is lock:
                self.only = None
                self.only = self.more.pop(0)
            else:
                self.more.remove(lock)
        except (IndexError, ValueError):
            pass


class _Thread(object):
    """Lives as long as its thread does: `local` has the only reference."""


_everyone = []
_remembering = threading.Lock()


def _remember(held):
    with _remembering:
        if len(_everyone) >= 100 and not len(_everyone) % 100:
            _everyone[:] = [one for one in _everyone if one or one.alive() is not None]
        _everyone.append(held)


def everyone():
    """list of Held: those of all threads, ended ones too, that have any lock now."""
    return [held for held in list(_everyone) if held]


#: its attribute `held` is the thread's Held; absent until the thread is first seen
local = threading.local()


def of_this_thread():
    """The Held of the calling thread."""
    try:
        return local.held
    except AttributeError:
        local.thread = _Thread()
        local.held = held = Held(local.thread)
        _remember(held)
        return held

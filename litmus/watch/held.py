"""Which watched locks each thread holds, in the order it took them."""
from __future__ import absolute_import, division, print_function

import threading
import weakref

from compat.threads import get_ident


class Held(list):
    """The watched locks of one thread, oldest first, and what else it is in.

    inside: how many opaque operations (a Queue's get, say) it is in, whose own locks and
    waits are not looked at; quiet: in how many places nothing may be raised; allowances: those it has entered, innermost last;
    made: for `compat.interception.instruction`; ident: of the thread.
    """

    __slots__ = ('inside', 'quiet', 'allowances', 'made', 'ident', '__weakref__')

    def __init__(self):
        list.__init__(self)
        self.inside = self.quiet = 0
        self.allowances = []
        self.made = {}
        self.ident = get_ident()
        _remember(self)


_everyone = []      # weak references; the threads' own lists keep nothing alive
_remembering = threading.Lock()


def _remember(held):
    with _remembering:
        if len(_everyone) > 100 and not len(_everyone) % 100:
            _everyone[:] = [reference for reference in _everyone if reference() is not None]
        _everyone.append(weakref.ref(held))


def everyone():
    """list of Held: those of all threads that have any lock now."""
    found = [reference() for reference in list(_everyone)]
    return [held for held in found if held]


#: its attribute `held` is the thread's Held; absent until the thread is first seen
local = threading.local()


def of_this_thread():
    """The Held of the calling thread."""
    try:
        return local.held
    except AttributeError:
        local.held = held = Held()
        return held

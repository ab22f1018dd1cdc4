"""Which watched locks each thread holds, in the order it took them."""
from __future__ import absolute_import, division, print_function

import threading


class Held(list):
    """The watched locks of one thread, oldest first, and what else it is in.

    inside: how many opaque operations (a Queue's get, say) it is in, whose own locks and
    waits are not looked at; quiet: in how many places nothing may be raised; allowances: those it has entered, innermost last;
    made: for `compat.interception.instruction`.
    """

    __slots__ = ('inside', 'quiet', 'allowances', 'made')

    def __init__(self):
        list.__init__(self)
        self.inside = self.quiet = 0
        self.allowances = []
        self.made = {}


#: its attribute `held` is the thread's Held; absent until the thread is first seen
local = threading.local()


def of_this_thread():
    """The Held of the calling thread."""
    try:
        return local.held
    except AttributeError:
        local.held = held = Held()
        return held

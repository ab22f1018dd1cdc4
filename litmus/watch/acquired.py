"""Where a lock that is held was taken."""
from __future__ import absolute_import, division, print_function

from portable_server.litmus.watch import stacks
from portable_server.litmus.watch.held import of_this_thread


def stack(holder, frame, position):
    """The stack of an acquire; of another thread's only the newest call.

    The other calls of a thread that runs come and go while we look.
    """
    if frame is None:
        return []
    depth = stacks.DEPTH if holder is of_this_thread() else 1
    return stacks.stack_of(frame, position, depth)


def acquired_at(lock):
    """The stack at which this lock was taken; [] where it is not held."""
    return stack(lock.holder, lock.frame, lock.position)


def others(locks):
    """list of (name, stack) of these locks, for a report."""
    return [(lock.kind.name, acquired_at(lock)) for lock in locks]

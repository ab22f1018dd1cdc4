"""How busy each processor is, and moving this process's threads among them (Linux).

Where the system cannot say or do it (no /proc, no sched_setaffinity), `usage` is empty
and `move` does nothing.
"""
from __future__ import absolute_import, division, print_function

import os

from portable_server.compat.threads import _affinity

__all__ = ['move', 'usage']

_STAT = '/proc/stat'
_TASKS = '/proc/self/task'
#: of a line of /proc/stat: idle and iowait, proc(5)
_IDLE = (3, 4)


def usage(path=_STAT):
    """dict: processor -> (ticks in use, ticks in all) since the system's start."""
    found = {}
    try:
        with open(path) as lines:
            for line in lines:
                words = line.split()
                if words and words[0][:3] == 'cpu' and words[0][3:].isdigit():
                    ticks = [int(word) for word in words[1:9]]      # guests are in user
                    idle = sum(ticks[place] for place in _IDLE)
                    found[int(words[0][3:])] = sum(ticks) - idle, sum(ticks)
    except (EnvironmentError, ValueError, IndexError):
        return {}
    return found


def move(old, new):
    """Let all threads that may run on just the processors `old` run on `new` instead.

    Threads of this process; those that they start meanwhile are moved, too.  int: how many
    were moved.
    """
    calls, moved = _affinity.calls(), 0
    if calls is None or not os.path.isdir(_TASKS):
        return 0
    while True:
        before = moved
        for name in os.listdir(_TASKS):
            try:
                if sorted(calls.get(int(name))) == sorted(old):
                    calls.set(new, int(name))
                    moved += 1
            except (OSError, ValueError):
                pass            # it has ended, or there is no such processor
        if moved == before:
            return moved

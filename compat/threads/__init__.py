"""Python 3.8's `threading` and `queue` on every interpreter.

    from portable_server.compat import threads
    lock = threads.Lock()
    if lock.acquire(timeout=0.5): ...

Names, arguments, return values, time-outs and errors are those of the Python
3.8 documentation (https://docs.python.org/3.8/library/threading.html).

How it is put together::

    _python3.py     CPython 3 and PyPy 3: the interpreter's own objects, untouched
    _cpython2.py    CPython 2.7    \\  both made of the parts in python2/,
    _jython.py      Jython 2.7     /   over each interpreter's own lock and thread
    _stacks.py      dump_stacks for all of them
    _affinity.py    on which CPUs a thread runs, _switch_interval.py how long

The choice is made once, here.  No Java exception leaves this package.
"""
from __future__ import absolute_import, division, print_function

import sys

from portable_server.compat import platform

if platform.IMPLEMENTATION == 'Jython':
    from portable_server.compat.threads import _jython as _chosen
elif platform.VERSION < (3,):
    from portable_server.compat.threads import _cpython2 as _chosen
else:
    from portable_server.compat.threads import _python3 as _chosen
from portable_server.compat.threads._affinity import get_affinity, set_affinity
from portable_server.compat.threads._switch_interval import set_switch_interval

Barrier = _chosen.Barrier
BoundedSemaphore = _chosen.BoundedSemaphore
BrokenBarrierError = _chosen.BrokenBarrierError
Condition = _chosen.Condition
Empty = _chosen.Empty
Event = _chosen.Event
ExceptHookArgs = _chosen.ExceptHookArgs
Full = _chosen.Full
LifoQueue = _chosen.LifoQueue
Lock = _chosen.Lock
PriorityQueue = _chosen.PriorityQueue
Queue = _chosen.Queue
RLock = _chosen.RLock
Semaphore = _chosen.Semaphore
Thread = _chosen.Thread
ThreadError = _chosen.ThreadError
Timer = _chosen.Timer
TIMEOUT_MAX = _chosen.TIMEOUT_MAX
active_count = activeCount = _chosen.active_count
current_thread = currentThread = _chosen.current_thread
dump_stacks = _chosen.dump_stacks
enumerate = _chosen.enumerate
get_ident = _chosen.get_ident
local = _chosen.local
main_thread = _chosen.main_thread
setprofile = _chosen.setprofile
settrace = _chosen.settrace
stack_size = _chosen.stack_size
start_new_thread = _chosen.start_new_thread

# `compat.threads.excepthook = hook` has to reach the interpreter's own threads
_chosen.share_excepthook(sys.modules[__name__])

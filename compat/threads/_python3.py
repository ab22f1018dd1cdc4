"""CPython 3 and PyPy 3: the interpreter's own objects, as they are."""
from __future__ import absolute_import, division, print_function

import _thread
import threading
import types
from queue import Empty, Full, LifoQueue, PriorityQueue, Queue
from threading import (
    TIMEOUT_MAX, Barrier, BoundedSemaphore, BrokenBarrierError, Condition, Event,
    Lock, RLock, Semaphore, ThreadError, active_count, current_thread, enumerate,
    get_ident, local, main_thread, setprofile, settrace, stack_size)

from portable_server.compat.threads._stacks import dump_stacks

start_new_thread = _thread.start_new_thread

if hasattr(threading, 'excepthook'):
    from threading import ExceptHookArgs, Thread, Timer

    class _Module(types.ModuleType):
        """A module whose `excepthook` is the one of `threading`, read and set."""

        @property
        def excepthook(self):
            return threading.excepthook

        @excepthook.setter
        def excepthook(self, hook):
            threading.excepthook = hook

    def share_excepthook(module):
        """Make `module.excepthook` the same variable as `threading.excepthook`."""
        module.__class__ = _Module
else:
    from portable_server.compat.threads._excepthook import ExceptHookArgs, share_excepthook
    from portable_server.compat.threads._python36 import Thread, Timer

__all__ = [
    'Barrier', 'BoundedSemaphore', 'BrokenBarrierError', 'Condition', 'Empty', 'Event',
    'ExceptHookArgs', 'Full', 'LifoQueue', 'Lock', 'PriorityQueue', 'Queue', 'RLock',
    'Semaphore', 'TIMEOUT_MAX', 'Thread', 'ThreadError', 'Timer', 'active_count',
    'current_thread', 'dump_stacks', 'enumerate', 'get_ident', 'local', 'main_thread',
    'setprofile', 'settrace', 'share_excepthook', 'stack_size', 'start_new_thread']

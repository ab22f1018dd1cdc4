"""Jython 2.7: the shared parts, over java.util.concurrent and Java threads."""
from __future__ import absolute_import, division, print_function

from thread import error as ThreadError
from thread import get_ident
from threading import local, setprofile, settrace, stack_size

from portable_server.compat.threads._excepthook import ExceptHookArgs, share_excepthook
from portable_server.compat.threads.python2.barrier import Barrier, BrokenBarrierError
from portable_server.compat.threads.python2.condition import Condition
from portable_server.compat.threads.python2.event import Event
from portable_server.compat.threads.python2.lock import Lock, RLock
from portable_server.compat.threads.python2.lock_base import TIMEOUT_MAX
from portable_server.compat.threads.python2.queue import (Empty, Full, LifoQueue, PriorityQueue,
                                                          Queue)
from portable_server.compat.threads.python2.semaphore import BoundedSemaphore, Semaphore
from portable_server.compat.threads.python2.thread_jython import (Thread, active_count,
                                                                  current_thread, dump_stacks,
                                                                  enumerate, main_thread,
                                                                  start_new_thread)
from portable_server.compat.threads.python2.timer import Timer

__all__ = [
    'Barrier', 'BoundedSemaphore', 'BrokenBarrierError', 'Condition', 'Empty', 'Event',
    'ExceptHookArgs', 'Full', 'LifoQueue', 'Lock', 'PriorityQueue', 'Queue', 'RLock',
    'Semaphore', 'TIMEOUT_MAX', 'Thread', 'ThreadError', 'Timer', 'active_count',
    'current_thread', 'dump_stacks', 'enumerate', 'get_ident', 'local', 'main_thread',
    'setprofile', 'settrace', 'share_excepthook', 'stack_size', 'start_new_thread']

"""Clocks in seconds that never run backwards (PEP 418), on every interpreter.

Python 2.7 and Jython have no `time.monotonic`.  Jython takes `System.nanoTime`;
2.7 asks the C library's `clock_gettime` through ctypes, and where ctypes is
missing makes do with `time.time`, which a change of the system's clock can move.

`thread_time`, the processor time of the calling thread, came with Python 3.7; before, the
same C function has it, and Java a management bean.
"""
from __future__ import absolute_import, division, print_function

import time

from portable_server.compat import platform

__all__ = ['monotonic', 'perf_counter', 'sleep', 'thread_time']


#: Linux's <time.h>
_MONOTONIC, _THREAD_CPUTIME_ID = 1, 3


def _posix_clock(number):
    """The C library's clock of that number as a function; ImportError etc. without it."""
    import ctypes

    class Timespec(ctypes.Structure):
        _fields_ = [('seconds', ctypes.c_long), ('nanoseconds', ctypes.c_long)]

    clock_gettime = ctypes.CDLL(None).clock_gettime

    def read():
        now = Timespec()
        if clock_gettime(number, ctypes.byref(now)):
            raise OSError('clock_gettime failed')
        return now.seconds + now.nanoseconds * 1e-9

    read()          # whether it really works is seen here, not at the first use
    return read


def _java_monotonic():
    from java.lang import System

    def monotonic():
        return System.nanoTime() * 1e-9

    return monotonic


def _choose_monotonic():
    if platform.IMPLEMENTATION == 'Jython':
        return _java_monotonic()
    if platform.VERSION >= (3,):
        return time.monotonic
    try:
        return _posix_clock(_MONOTONIC)
    except (ImportError, AttributeError, OSError):
        return time.time


def _java_thread_time():
    from java.lang.management import ManagementFactory
    bean = ManagementFactory.getThreadMXBean()

    def thread_time():
        return bean.getCurrentThreadCpuTime() * 1e-9

    return thread_time


def _choose_thread_time():
    """A function, or None where the system does not tell."""
    if platform.IMPLEMENTATION == 'Jython':
        return _java_thread_time()
    if hasattr(time, 'thread_time'):
        return time.thread_time
    try:
        return _posix_clock(_THREAD_CPUTIME_ID)
    except (ImportError, AttributeError, OSError):
        return None


_chosen = []    # from the first use on: on Jython the bean takes its time


def thread_time():
    """float seconds of processor time that this thread has used; of the best clock there is."""
    if not _chosen:
        _chosen.append(_choose_thread_time() or perf_counter)
    return _chosen[0]()


#: float seconds from an arbitrary start; never runs backwards
monotonic = _choose_monotonic()
#: float seconds from an arbitrary start, of the best resolution there is
perf_counter = getattr(time, 'perf_counter', monotonic)
sleep = time.sleep

"""Clocks in seconds that never run backwards (PEP 418), on every interpreter.

Python 2.7 and Jython have no `time.monotonic`.  Jython takes `System.nanoTime`;
2.7 asks the C library's `clock_gettime` through ctypes, and where ctypes is
missing makes do with `time.time`, which a change of the system's clock can move.
"""
from __future__ import absolute_import, division, print_function

import time

from compat import platform

__all__ = ['monotonic', 'perf_counter', 'sleep']


def _posix_monotonic():
    """The C library's CLOCK_MONOTONIC as a function; ImportError etc. without it."""
    import ctypes

    class Timespec(ctypes.Structure):
        _fields_ = [('seconds', ctypes.c_long), ('nanoseconds', ctypes.c_long)]

    clock_gettime = ctypes.CDLL(None).clock_gettime
    clock_monotonic = 1     # Linux's <time.h>

    def monotonic():
        now = Timespec()
        if clock_gettime(clock_monotonic, ctypes.byref(now)):
            raise OSError('clock_gettime failed')
        return now.seconds + now.nanoseconds * 1e-9

    monotonic()     # whether it really works is seen here, not at the first use
    return monotonic


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
        return _posix_monotonic()
    except (ImportError, AttributeError, OSError):
        return time.time


#: float seconds from an arbitrary start; never runs backwards
monotonic = _choose_monotonic()
#: float seconds from an arbitrary start, of the best resolution there is
perf_counter = getattr(time, 'perf_counter', monotonic)
sleep = time.sleep

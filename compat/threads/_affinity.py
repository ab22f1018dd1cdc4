"""Which CPUs a thread may run on, where the system lets a thread choose (Linux).

`os.sched_setaffinity` is missing from Python 2.7, PyPy and Jython, so there the C
library is asked through ctypes. Either way process 0 means the calling *thread*
(Linux, sched_setaffinity(2)), and a thread of Python is one of the system's on all of
them. A new thread has the affinity of the one that started it.
"""
from __future__ import absolute_import, division, print_function

import os

_WORDS = 16     # 1024 CPUs, as in glibc's cpu_set_t


class _ThroughOs(object):
    def get(self, thread=0):
        return os.sched_getaffinity(thread)

    def set(self, cpus, thread=0):
        os.sched_setaffinity(thread, cpus)


class _ThroughLibrary(object):
    """The same two calls by ctypes; making one raises an error where they are missing."""

    def __init__(self):
        import ctypes
        library = ctypes.CDLL(None)
        self._get, self._set = library.sched_getaffinity, library.sched_setaffinity
        for function in (self._get, self._set):
            function.argtypes = (ctypes.c_int, ctypes.c_size_t, ctypes.c_void_p)
            function.restype = ctypes.c_int
        self._mask = ctypes.c_ulong * _WORDS
        self._bits = 8 * ctypes.sizeof(ctypes.c_ulong)
        self._size = _WORDS * ctypes.sizeof(ctypes.c_ulong)
        self._byref = ctypes.byref

    def get(self, thread=0):
        mask = self._mask()
        if self._get(thread, self._size, self._byref(mask)) < 0:
            raise OSError('sched_getaffinity failed')
        return [cpu for cpu in range(_WORDS * self._bits)
                if mask[cpu // self._bits] >> cpu % self._bits & 1]

    def set(self, cpus, thread=0):
        mask = self._mask()
        for cpu in cpus:
            mask[cpu // self._bits] |= 1 << cpu % self._bits
        if self._set(thread, self._size, self._byref(mask)) < 0:
            raise OSError('sched_setaffinity failed')


def _choose():
    """The calls that work here, or None."""
    if hasattr(os, 'sched_setaffinity'):
        return _ThroughOs()
    try:
        calls = _ThroughLibrary()
        calls.get()
    except (ImportError, AttributeError, TypeError, NotImplementedError, OSError):
        return None
    return calls


_chosen = []    # the calls, from the first use on: ctypes takes its time to import


def calls():
    """What gets and sets the affinity of a thread (the system's number; 0: this one); or None."""
    if not _chosen:
        _chosen.append(_choose())
    return _chosen[0]


def get_affinity():
    """list of int: the CPUs that this thread may run on, ascending; [] if unknown."""
    chosen = calls()
    return sorted(chosen.get()) if chosen is not None else []


def set_affinity(cpus):
    """Let this thread run on the CPUs `cpus` (ints) alone; bool: whether it could.

    False, and nothing changed, where threads cannot choose or the system refuses.
    """
    chosen = calls()
    if chosen is None:
        return False
    try:
        chosen.set(cpus)
    except (OSError, ValueError, IndexError):   # no such CPU, or none at all
        return False
    return True

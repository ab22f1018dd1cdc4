"""The cheapest way for one thread to wait for another, and to be let go by it.

`make()` gives two functions, `wait` and `give`: `wait` returns once `give` was called, as often
as it was called.  Whoever gives need not be the thread that waits, and may come first.  A raw
lock does that on CPython and PyPy; Jython's own lock belongs to the thread that took it, so
there it is a semaphore of Java.

There is no time-out here: who waits this way is let go by somebody whose job that is.
"""
from __future__ import absolute_import, division, print_function

import sys
import threading  # noqa: F401 -- loads the module below it

from portable_server.compat import platform


def _make_java():
    from java.util.concurrent import Semaphore
    semaphore = Semaphore(0)
    return semaphore.acquire, semaphore.release


def _make_raw():
    lock = _allocate_lock()
    lock.acquire()
    return lock.acquire, lock.release


if platform.IMPLEMENTATION == 'Jython':
    make = _make_java
else:
    _allocate_lock = sys.modules['thread' if platform.VERSION < (3,) else '_thread'].allocate_lock
    make = _make_raw

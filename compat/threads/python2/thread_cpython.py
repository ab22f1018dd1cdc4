"""CPython 2.7's Thread, made to behave as in Python 3.8.

It stays a `threading.Thread`, so that the rest of the standard library (logging,
the wait for threads at exit, fork) knows it.  Three things change: what it waits
on (2.7's own `join` polls), the `daemon` argument and `excepthook`.  The
double-underscore names are those of 2.7.18's `threading`, which is final.
"""
from __future__ import absolute_import, division, print_function

import sys
import threading

from portable_server.compat.text import native, text_type
from portable_server.compat.threads._excepthook import guarded
from portable_server.compat.threads.python2.condition import Condition
from portable_server.compat.threads.python2.event import Event
from portable_server.compat.threads.python2.lock import Lock
from portable_server.compat.threads.python2.lock_base import check_no_nan


class Thread(threading.Thread):
    """`threading.Thread` of Python 3.8."""

    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None,
                 daemon=None):
        threading.Thread.__init__(self, group, target, _as_str(name), args, kwargs)
        self._stderr = sys.stderr       # as in 3.8, for excepthook
        self._Thread__started = Event()
        self._Thread__block = Condition(Lock())
        if daemon is not None:
            self.daemon = daemon

    def _Thread__bootstrap_inner(self):
        self.run = guarded(self, self.run)
        try:
            threading.Thread._Thread__bootstrap_inner(self)
        finally:
            del self.run

    def join(self, timeout=None):
        """Wait until the thread has ended, or `timeout` seconds (None: no limit).

        Raises RuntimeError before `start` and for the calling thread itself.
        """
        if not self._Thread__initialized:
            raise RuntimeError('Thread.__init__() not called')
        if not self._Thread__started.is_set():
            raise RuntimeError('cannot join thread before it is started')
        if self is threading.current_thread():
            raise RuntimeError('cannot join current thread')
        check_no_nan(timeout)
        with self._Thread__block:
            self._Thread__block.wait_for(lambda: self._Thread__stopped, timeout)


def _as_str(name):
    """2.7 would encode a name by ASCII."""
    return native(name) if isinstance(name, text_type) else name


def main_thread():
    """The Thread object of the thread that the interpreter started with."""
    for thread in threading.enumerate():
        if isinstance(thread, threading._MainThread):
            return thread
    return threading.current_thread()       # after a fork in another thread

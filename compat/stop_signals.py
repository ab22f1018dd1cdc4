"""SIGTERM and SIGINT as one call of a function, in a thread.

Python code may not do much inside a signal handler: CPython and PyPy run it in
the main thread between two instructions, perhaps while that thread holds the very
lock that stopping needs (`Thread.start` takes one, too).  So the handler only
writes a byte into a pipe, and a thread made beforehand, blocked in reading that
pipe, calls the function.  Jython runs handlers in a thread of their own already
(`sun.misc.Signal`), and a JVM with a handler for SIGINT or SIGTERM no longer exits
by itself with status 130 or 143: the program ends when its main thread returns.
"""
from __future__ import absolute_import, division, print_function

import errno
import os
import signal

from compat import platform, threads

_NUMBERS = (signal.SIGTERM, signal.SIGINT)
_in_force = []      # the StopSignals whose handlers are installed


class StopSignals(object):
    """Calls `callback()` once, in a thread, at the first SIGTERM or SIGINT.

    After the first signal the former handlers are back, so that a second Ctrl-C
    ends a program whose clean stop hangs.  `close` puts them back too; a
    StopSignals is a context manager that closes.  It has to be made in the main
    thread (`signal.signal` raises ValueError elsewhere), and one at a time.  A
    forked child is not concerned: a signal acts there as it does by default.
    """

    def __init__(self, callback):
        carrier = _HandlerThread if platform.IMPLEMENTATION == 'Jython' else _Pipe
        self._carrier = carrier(callback)
        self._once = threads.Lock()
        self._process = os.getpid()
        self._former = [(number, signal.signal(number, self._handle))
                        for number in _NUMBERS]
        _in_force.append(self)

    def _handle(self, number, frame):
        if os.getpid() != self._process:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        elif self._once.acquire(False):
            self._restore()
            self._carrier.ring()

    def _restore(self):
        _in_force.remove(self)
        for number, handler in self._former:
            signal.signal(number, signal.SIG_DFL if handler is None else handler)

    def close(self):
        """Put the former handlers back; waits for a call under way; safe twice."""
        if self._once.acquire(False):
            self._restore()
        self._carrier.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


def forget_after_fork():
    """In a forked child: SIGTERM and SIGINT end it, without any Python code.

    `StopSignals._handle` would do so too, if the child came from `os.fork`; but a
    handler runs only when its thread is next at work in the interpreter, and on
    free-threaded 3.13 one child in three slept on in a lock.
    """
    if _in_force:
        for number in _NUMBERS:
            signal.signal(number, signal.SIG_DFL)
        del _in_force[:]


class _HandlerThread(object):
    """Calls the function right in the thread that Java made for the handler."""

    def __init__(self, callback):
        self.ring = callback

    def close(self):
        pass


class _Pipe(object):
    """Takes the signal from its handler to a thread that calls the function."""

    def __init__(self, callback):
        self._callback = callback
        self._reader, self._writer = os.pipe()
        self._thread = threads.Thread(
            target=self._watch, name='stop-signals', daemon=True)
        self._thread.start()

    def _watch(self):
        if _read_byte(self._reader) == b's':
            self._callback()

    def ring(self):
        os.write(self._writer, b's')

    def close(self):
        if self._thread in (None, threads.current_thread()):
            return      # closed already, or by the function itself
        os.write(self._writer, b'c')        # closing does not wake a blocked read
        self._thread.join()
        self._thread = None
        os.close(self._reader)
        os.close(self._writer)


def _read_byte(descriptor):
    while True:
        try:
            return os.read(descriptor, 1)
        except OSError as error:        # 2.7 does not go on after a signal by itself
            if error.errno != errno.EINTR:
                raise

"""SIGTERM and SIGINT as one call of a function, in a thread.

Python code may not do much inside a signal handler: CPython and PyPy run it in
the main thread between two instructions, perhaps while that thread holds the very
lock that stopping needs (`Thread.start` takes one, too).  And it may come late: a
signal that arrives just before the main thread falls asleep in a lock does not
wake it (seen in one of three runs on free-threaded 3.13).  So the interpreter's C
handler writes a byte into a pipe, at once (`signal.set_wakeup_fd`), and a thread
made beforehand, blocked in reading that pipe, calls the function.

Jython runs handlers in a thread of their own already (`sun.misc.Signal`), and a JVM
with a handler for SIGINT or SIGTERM no longer exits by itself with status 130 or
143: the program ends when its main thread returns.
"""
from __future__ import absolute_import, division, print_function

import errno
import os
import signal

from portable_server.compat import platform, threads
from portable_server.compat._process_posix import exit_now

_NUMBERS = (signal.SIGTERM, signal.SIGINT)
_FROM_HANDLER = b'h'
_FROM_SIGNAL = [bytes(bytearray([number])) for number in _NUMBERS]
#: without a hook for forks a child's signal would come out of its parent's pipe
_HAS_WAKEUP = hasattr(os, 'register_at_fork')
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
        self._process = os.getpid()
        # In a list of one: taking it out is one step, also for two of Jython's handlers at once.
        self._former = [[(number, signal.signal(number, self._handle)) for number in _NUMBERS]]
        self._carrier.wake_by_signals()
        _in_force.append(self)

    def _handle(self, number, frame):
        if os.getpid() != self._process:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
            return
        self._restore()
        self._carrier.ring()

    def _restore(self):
        try:
            former = self._former.pop()
        except IndexError:
            return                          # somebody has, or does at the moment
        for number, handler in former:
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        self._carrier.sleep_through_signals()
        _in_force.remove(self)

    def close(self):
        """Put the former handlers back; waits for a call under way; safe twice.

        Called by the function itself, it leaves that to the handler.
        """
        if not self._carrier.is_calling():
            self._restore()
            self._carrier.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


def forget_after_fork():
    """In a forked child: SIGTERM and SIGINT end it, and tell its parent nothing."""
    if _in_force:
        _as_main_thread(_forget)


def _forget():
    if _HAS_WAKEUP:
        signal.set_wakeup_fd(-1)
    for number in _NUMBERS:
        signal.signal(number, signal.SIG_DFL)
    del _in_force[:]


def _as_main_thread(function):
    """Call `function()` in the only thread of a child, which may change handlers.

    PyPy makes a thread that forked the child's main one only after the hooks for forks.
    """
    if platform.IMPLEMENTATION == 'PyPy':
        from __pypy__.thread import signals_enabled
        with signals_enabled:
            function()
    else:
        function()


if _HAS_WAKEUP:
    os.register_at_fork(after_in_child=forget_after_fork)


class _HandlerThread(object):
    """Calls the function right in the thread that Java made for the handler."""

    def __init__(self, callback):
        self._callback = callback
        self._lock = threads.Lock()
        self._rung = False

    def ring(self):
        with self._lock:
            first, self._rung = not self._rung, True
        if first:
            self._callback()

    def is_calling(self):
        return False

    def wake_by_signals(self):
        pass

    sleep_through_signals = close = wake_by_signals


class _Pipe(object):
    """Takes the signal to a thread that calls the function.

    A second signal may come before the main thread has put the former handlers
    back; then the reading thread does what they would do, and ends the process.
    """

    def __init__(self, callback):
        self._reader, self._writer = os.pipe()
        self._caller = threads.Thread(target=callback, name='stop', daemon=True)
        self._thread = threads.Thread(
            target=self._watch, name='stop-signals', daemon=True)
        self._thread.start()

    def _watch(self):
        called = False
        while True:
            byte = _read_byte(self._reader)
            if byte in _FROM_SIGNAL and called:
                exit_now(128 + ord(byte))
            elif byte == b'c':
                return
            elif not called and byte in _FROM_SIGNAL + [_FROM_HANDLER]:
                called = True
                self._caller.start()

    def wake_by_signals(self):
        if _HAS_WAKEUP:
            os.set_blocking(self._writer, False)
            signal.set_wakeup_fd(self._writer)

    def sleep_through_signals(self):
        if _HAS_WAKEUP:
            signal.set_wakeup_fd(-1)

    def ring(self):
        os.write(self._writer, _FROM_HANDLER)

    def is_calling(self):
        return self._caller is threads.current_thread()

    def close(self):
        if self._thread is None:
            return
        os.write(self._writer, b'c')        # closing does not wake a blocked read
        self._thread.join()
        self._thread = None
        if self._caller.ident is not None:
            self._caller.join()
        os.close(self._reader)
        os.close(self._writer)


def _read_byte(descriptor):
    while True:
        try:
            return os.read(descriptor, 1)
        except OSError as error:        # 2.7 does not go on after a signal by itself
            if error.errno != errno.EINTR:
                raise

"""Jython's Thread, made to behave as in Python 3.8.

It stays a `threading.Thread` of Jython, so that the standard library knows it.
What differs in Jython's own: an unstarted thread has an ident and counts among the
living, `join(0)` waits for ever and `join(-1)` throws a Java exception, a subclass
that forgets `Thread.__init__` fails with AttributeError, and a thread that did not
come from Python gets a new Thread object at each look.
"""
from __future__ import absolute_import, division, print_function

import functools
import sys
import threading
from java.lang import InterruptedException, OutOfMemoryError
from java.lang import Thread as JavaThread
from thread import _newFunctionThread

from portable_server.compat.clock import monotonic
from portable_server.compat.text import native
from portable_server.compat.threads._excepthook import guarded
from portable_server.compat.threads.python2.lock_base import TIMEOUT_MAX, check_no_nan

_NEW = JavaThread.State.NEW


class Thread(threading.Thread):
    """`threading.Thread` of Python 3.8."""

    _java = None

    def __init__(self, group=None, target=None, name=None, args=(), kwargs=None,
                 daemon=None):
        is_text = isinstance(name, unicode)                             # noqa: F821
        threading.Thread.__init__(self, group, target, None if is_text else name, args, kwargs)
        if is_text:         # Jython would encode it by ASCII
            self._thread.setName(name)
        self._stderr = sys.stderr       # as in 3.8, for excepthook
        if daemon is not None:
            self.daemon = daemon

    @property
    def _thread(self):      # what all methods of Jython's own class work on
        if self._java is None:
            raise RuntimeError('Thread.__init__() not called')
        return self._java

    @_thread.setter
    def _thread(self, java_thread):
        self._java = java_thread

    def _create_thread(self):
        return _newFunctionThread(self._bootstrap, ())

    def _bootstrap(self):
        self.run = guarded(self, self.run)
        try:
            self._Thread__bootstrap()
        finally:
            del self.run

    def run(self):
        try:
            threading.Thread.run(self)
        finally:        # no cycle through an argument that knows the thread
            del self._target, self._args, self._kwargs

    def __repr__(self):
        status = threading.ThreadStates[self._thread.getState()]
        if self.daemon:
            status += ' daemon'
        if self.ident is not None:
            status += ' %s' % self.ident
        return '<%s(%s, %s)>' % (type(self).__name__, self.name, status)

    @property
    def ident(self):
        """int: the number that `get_ident` gives in that thread; None before start."""
        return None if self._thread.getState() == _NEW else self._thread.getId()

    def start(self):
        """Start the thread; RuntimeError the second time, or if there is no room."""
        try:
            threading.Thread.start(self)
        except OutOfMemoryError:
            raise RuntimeError("can't start new thread")

    def join(self, timeout=None):
        """Wait until the thread has ended, or `timeout` seconds (None: no limit).

        Raises RuntimeError before `start` and for the calling thread itself,
        OverflowError beyond TIMEOUT_MAX.
        """
        java_thread = self._thread
        if java_thread.getState() == _NEW:
            raise RuntimeError('cannot join thread before it is started')
        if java_thread == JavaThread.currentThread():
            raise RuntimeError('cannot join current thread')
        if isinstance(timeout, (bytes, unicode)):                       # noqa: F821
            raise TypeError('timeout must be a number, not %s' % type(timeout).__name__)
        check_no_nan(timeout)
        if timeout is not None and timeout > TIMEOUT_MAX:
            raise OverflowError('timeout value is too large')
        _wait_for_end(java_thread, TIMEOUT_MAX if timeout is None else timeout)


def _wait_for_end(java_thread, seconds):
    deadline = monotonic() + seconds
    interrupted = False
    while java_thread.isAlive():
        remaining = deadline - monotonic()
        if remaining <= 0:
            break
        try:
            java_thread.join(int(remaining * 1000) + 1)     # 0 would wait for ever
        except InterruptedException:
            interrupted = True
    if interrupted:
        JavaThread.currentThread().interrupt()


class _ForeignThread(Thread):
    """Stands for a Java thread that Python did not start."""

    def _create_thread(self):
        return JavaThread.currentThread()


class _MainThread(Thread):
    """Stands for the main thread, instead of Jython's own object for it."""

    def __init__(self, original):
        self._original = original
        Thread.__init__(self, name=original.name)

    def _create_thread(self):
        return self._original._thread


def _replace_main_thread():
    for thread in threading.enumerate():
        if isinstance(thread, threading._MainThread):
            return _MainThread(thread)


_main_thread = _replace_main_thread()
_foreign = threading.local()    # Jython's own table holds threads weakly


def main_thread():
    """The Thread object of the thread that the interpreter started with."""
    return _main_thread


def current_thread():
    """The Thread object of the calling thread."""
    thread = threading._threads.get(JavaThread.currentThread().getId())
    if isinstance(thread, threading.Thread):
        return thread
    thread = _foreign.thread = _ForeignThread()
    return thread


def start_new_thread(function, args, kwargs=None):
    """int: the ident of a new daemon thread that calls `function` (`_thread` module).

    Raises TypeError for arguments that are no function, tuple and dict. Jython's own returns None.
    """
    if not callable(function) or not isinstance(args, tuple) or not isinstance(
            kwargs, (dict, type(None))):
        raise TypeError('a function, a tuple and perhaps a dict are required')
    if kwargs:
        function = functools.partial(function, **kwargs)
    java_thread = _newFunctionThread(function, args)
    java_thread.setDaemon(True)
    try:
        java_thread.start()
    except OutOfMemoryError:
        raise RuntimeError("can't start new thread")
    return java_thread.getId()


def enumerate():
    """list: the Thread objects of all threads that are alive."""
    return [thread for thread in threading._threads.values() if thread.isAlive()]


def active_count():
    """int: how many threads are alive."""
    return len(enumerate())


def dump_stacks(stream):
    """Write each thread's name and Python stack to the text stream `stream`.

    `sys._current_frames` knows no other thread's frames on Jython, so the stacks
    are read from Java's: one line for each Python function, and the Java method
    that the thread is in.
    """
    for thread, stack in JavaThread.getAllStackTraces().items():
        calls = [call for call in stack if call.getLineNumber() > 0
                 and str(call.getFileName()).endswith('.py')]
        if not calls:
            continue
        stream.write(native('Thread %s (%s), newest call last:\n'
                            % (thread.getName(), thread.getId())))
        for call in reversed(calls):
            stream.write('  File "%s", line %s, in %s\n' % (
                call.getFileName(), call.getLineNumber(),
                call.getMethodName().split('$')[0]))
        stream.write('  in Java: %s\n' % stack[0])
    stream.flush()

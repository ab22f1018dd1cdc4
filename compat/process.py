"""Processes: fork where there is one, a clean end everywhere, open descriptors."""
from __future__ import absolute_import, division, print_function

import os
import signal
import sys
import traceback

from portable_server.compat import clock, platform, threads
from portable_server.compat.errors import NotSupported
from portable_server.compat.stop_signals import StopSignals, forget_after_fork

if platform.IMPLEMENTATION == 'Jython':
    from portable_server.compat._process_jython import (exit_now, open_standard_streams,
                                                        read_stdin, write_or_not)
else:
    from portable_server.compat._process_posix import (exit_now, open_standard_streams,
                                                       read_stdin, write_or_not)

__all__ = ['HAS_FORK', 'StopSignals', 'describe_descriptors', 'ending_with_parent', 'exit_now', 'fork',
           'fork_and_run', 'keep_at_exec', 'on_stdin_eof', 'on_stop_signals',
           'open_descriptors', 'open_standard_streams', 'print_or_not', 'reap', 'signal_child',
           'wait', 'write_or_not']

HAS_FORK = platform.HAS_FORK
_DESCRIPTORS = '/proc/self/fd'
_PR_SET_PDEATHSIG = 1       # linux/prctl.h


def fork():
    """int: 0 in the child; in the parent, the number of the child process.

    Raises NotSupported where there is no fork (Jython).  Other threads do not exist
    in the child, but the locks that they held stay held: a child should not take a
    lock that another thread may have held (POSIX, fork).
    """
    if not HAS_FORK:
        raise NotSupported('%s has no fork: choose a model that uses threads'
                           % platform.IMPLEMENTATION)
    child = os.fork()
    if child == 0:
        forget_after_fork()
    return child


def fork_and_run(function):
    """int: the process id of a child that calls `function()` and ends.

    The child's exit status is 0, or 1 with a traceback on stderr after an exception.
    It never returns into the caller's code.  Raises NotSupported without fork.
    """
    child = fork()
    if child == 0:
        status = 1
        try:
            function()
            status = 0
        except BaseException:       # the child must end here, whatever happened
            traceback.print_exc()
        finally:
            exit_now(status)
    return child


def ending_with_parent():
    """function: a child that calls it is sent SIGTERM when its parent ends, however that ends.

    Made in the parent. It is kept by `exec`. The parent is the thread that forked: it should
    outlive the child. Does nothing where the system is not Linux (prctl(2), PR_SET_PDEATHSIG).
    """
    parent = os.getpid()
    try:
        import ctypes       # here: it takes a while, and few programs fork
        prctl = ctypes.CDLL(None).prctl
    except (ImportError, OSError, AttributeError):
        return lambda: None

    def end_with_parent():
        prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:      # it has ended already
            exit_now(0)

    return end_with_parent


def keep_at_exec(descriptor):
    """Let a program that this process executes have `descriptor`, too.

    Since Python 3.4 (PEP 446) it would be closed then; before, all were kept.
    """
    if hasattr(os, 'set_inheritable'):
        os.set_inheritable(descriptor, True)


def reap(children):
    """dict: process id -> exit status of those of `children` that have ended.

    Does not wait.  A child ended by signal N has the status -N, as in `subprocess`.
    Asks for these children only: `waitpid(-1)` would steal those of `subprocess`.
    """
    ended = {}
    for child in list(children):
        status = _exit_status(child, os.WNOHANG)
        if status is not None:
            ended[child] = status
    return ended


def _exit_status(child, options):
    """int or None: `os.waitpid` as an exit status; None while the child runs."""
    try:
        process, status = os.waitpid(child, options)
    except OSError:
        return 0        # ECHILD: somebody else has waited for it
    if process == 0:
        return None
    if os.WIFSIGNALED(status):
        return -os.WTERMSIG(status)
    return os.WEXITSTATUS(status)


def wait(child, timeout=None):
    """int or None: the exit status of `child`, None after `timeout` seconds.

    POSIX has no wait for a child with a time-out, so with one this looks again and
    again, 1 ms to 50 ms apart.
    """
    if timeout is None:
        return _exit_status(child, 0)
    deadline = clock.monotonic() + timeout
    pause = 0.001
    while True:
        status = _exit_status(child, os.WNOHANG)
        remaining = deadline - clock.monotonic()
        if status is not None or remaining <= 0:
            return status
        clock.sleep(min(pause, remaining))
        pause = min(2 * pause, 0.05)


def signal_child(child, number):
    """Send signal `number` to `child` unless it has ended: its number may be another's then."""
    if _exit_status(child, os.WNOHANG) is None:
        os.kill(child, number)


def print_or_not(line):
    """bool: print a line of ASCII on standard output, at once; False where nobody reads it."""
    try:
        sys.stdout.flush()      # what was printed before comes first
    except (AttributeError, ValueError, EnvironmentError):
        pass                    # closed, or full
    return write_or_not(1, (line + '\n').encode('ascii'))


def on_stop_signals(callback):
    """StopSignals: `callback()` will run once, in a thread, at SIGTERM or SIGINT."""
    return StopSignals(callback)


def on_stdin_eof(callback):
    """Thread: `callback()` will run once, in this daemon thread, at stdin's end."""
    def watch():
        while read_stdin():
            pass
        callback()

    thread = threads.Thread(target=watch, name='stdin-eof', daemon=True)
    thread.start()
    return thread


def describe_descriptors():
    """dict: open descriptor -> what it is, such as `socket:[123]`; None if unknown.

    None where the operating system has no /proc/self/fd.
    """
    if not os.path.isdir(_DESCRIPTORS):
        return None
    found = {}
    for name in os.listdir(_DESCRIPTORS):
        try:
            found[int(name)] = os.readlink(os.path.join(_DESCRIPTORS, name))
        except OSError:     # the one that `listdir` itself used
            pass
    return found


def open_descriptors():
    """int: how many descriptors this process has open; None if nobody can tell."""
    found = describe_descriptors()
    return None if found is None else len(found)

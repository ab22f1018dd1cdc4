"""`threading.excepthook` (Python 3.8) for the interpreters that came before it.

https://docs.python.org/3.8/library/threading.html#threading.excepthook
Used by CPython 2.7, 3.6, 3.7 and Jython.
"""
from __future__ import absolute_import, division, print_function

import collections
import functools
import sys
import traceback

try:
    from threading import get_ident
except ImportError:
    from thread import get_ident

from portable_server.compat.text import native

_Arguments = collections.namedtuple(
    'ExceptHookArgs', 'exc_type exc_value exc_traceback thread')


def ExceptHookArgs(args):
    """The argument of `excepthook`, from (type, value, traceback, thread)."""
    return _Arguments(*args)


def excepthook(args):
    """Print to stderr what ended a thread; SystemExit is silent.

    Where `sys.stderr` is None: to the one there was when the thread was made.
    """
    stream = _stream(args.thread)
    if args.exc_type is SystemExit or stream is None:
        return
    lines = traceback.format_exception(
        args.exc_type, args.exc_value, args.exc_traceback)
    name = get_ident() if args.thread is None else args.thread.name
    # As `str`: Jython's names are text, and its stream takes bytes.
    stream.write(native('Exception in thread %s:\n%s' % (name, ''.join(lines))))
    stream.flush()


def _stream(thread):
    return getattr(thread, '_stderr', None) if sys.stderr is None else sys.stderr


def share_excepthook(module):
    """Make `module.excepthook` the place where a program sets its own hook."""
    module.excepthook = excepthook


def guarded(thread, run):
    """A function that calls `run` and gives what it raises to the hook in force."""
    return functools.partial(_run, thread, run)


def _run(thread, run):
    try:
        run()
    except:     # noqa: E722 - whatever ends a thread, SystemExit too
        if _call_hook is not None:      # as 2.7 leaves it when it takes itself apart
            _call_hook(thread)


def _call_hook(thread):
    hook = sys.modules['portable_server.compat.threads'].excepthook or excepthook
    try:
        hook(ExceptHookArgs(sys.exc_info() + (thread,)))
    except Exception:
        stream = _stream(thread)
        if stream is not None:
            stream.write('Exception in threading.excepthook:\n')
        sys.excepthook(*sys.exc_info())

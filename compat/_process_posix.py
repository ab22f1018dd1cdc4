"""CPython and PyPy: what `compat.process` does with the operating system."""
from __future__ import absolute_import, division, print_function

import os
import sys


def exit_now(status):
    """End the process with `status` at once, whatever its threads do."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (AttributeError, ValueError, EnvironmentError):
            pass        # closed, or replaced by something that cannot
    os._exit(status)


def print_or_not(line):
    """Print a line of ASCII on standard output, at once; nothing where nobody reads it.

    Not through `sys.stdout`: what that could not get rid of it tries again at the exit,
    and a failure then makes the exit status 120.
    """
    try:
        sys.stdout.flush()
        os.write(1, (line + '\n').encode('ascii'))
    except (AttributeError, ValueError, EnvironmentError):
        pass


def read_stdin():
    """bytes: what standard input has, at least one byte; empty at its end.

    Not through `sys.stdin`: a daemon thread in there at exit is fatal to Python 3.
    """
    return os.read(0, 4096)

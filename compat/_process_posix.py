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


def write_or_not(descriptor, data):
    """bool: write bytes to standard output (1) or error (2) at once; False where nobody can.

    Not through `sys.stdout`: what that could not get rid of it tries again at the exit,
    and a failure then makes the exit status 120.
    """
    try:
        while data:
            data = data[os.write(descriptor, data):]
    except EnvironmentError:
        return False
    return True


def open_standard_streams():
    """Open those of descriptors 0, 1 and 2 that are closed on the null device.

    Else the first socket would become standard output, and be written to.
    """
    descriptor = 0
    while descriptor <= 2:
        descriptor = os.open(os.devnull, os.O_RDWR)
        if descriptor <= 2 and hasattr(os, 'set_inheritable'):
            os.set_inheritable(descriptor, True)
    os.close(descriptor)


def read_stdin():
    """bytes: what standard input has, at least one byte; empty at its end.

    Not through `sys.stdin`: a daemon thread in there at exit is fatal to Python 3.
    """
    return os.read(0, 4096)

"""Jython: what `compat.process` does with the Java runtime."""
from __future__ import absolute_import, division, print_function

import sys

from java.io import IOException
from java.lang import Runtime, System


def exit_now(status):
    """End the process with `status` at once, whatever its threads do.

    `os._exit` would run the Java shutdown hooks, which a hanging thread can block.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    Runtime.getRuntime().halt(status)


def print_or_not(line):
    """Print a line of ASCII on standard output, at once; nothing where nobody reads it."""
    sys.stdout.flush()
    System.out.println(line)        # a PrintStream keeps its errors to itself
    System.out.flush()


def read_stdin():
    """bytes: the next byte of standard input; empty at its end."""
    try:
        byte = getattr(System, 'in').read()
    except IOException:
        return b''
    return b'' if byte < 0 else chr(byte)

"""Jython: what `compat.process` does with the Java runtime."""
from __future__ import absolute_import, division, print_function

import sys

from java.io import FileDescriptor, FileOutputStream, IOException
from java.lang import Runtime, System

_STREAMS = {1: FileOutputStream(FileDescriptor.out), 2: FileOutputStream(FileDescriptor.err)}


def exit_now(status):
    """End the process with `status` at once, whatever its threads do.

    `os._exit` would run the Java shutdown hooks, which a hanging thread can block.
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    Runtime.getRuntime().halt(status)


def write_or_not(descriptor, data):
    """bool: write bytes to standard output (1) or error (2) at once; False where nobody can.

    Not through `System.err`: whoever waits in there holds its lock, which the exit needs.
    """
    try:
        _STREAMS[descriptor].write(data)
    except IOException:
        return False
    return True


def open_standard_streams():
    """Nothing: a JVM's sockets never have the descriptors 0, 1 and 2."""


def read_stdin():
    """bytes: the next byte of standard input; empty at its end."""
    try:
        byte = getattr(System, 'in').read()
    except IOException:
        return b''
    return b'' if byte < 0 else chr(byte)

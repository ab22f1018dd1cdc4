"""Facts about the interpreter that runs this code, found out inside it.

Five classes of interpreters behave differently under threads:

=====  ==================================================================
`G9`   CPython up to 3.9 (2.7 too): the GIL may go at any bytecode
`G10`  CPython from 3.10 with the GIL: it goes at calls and backward jumps
`FT`   free-threaded CPython *builds* (PEP 703); `gil_enabled()` tells
       whether the GIL was switched on again at run time
`J`    Jython: no GIL, Java's memory model
`P`    PyPy: a GIL, other switch points, a JIT
=====  ==================================================================

This module only states facts.  What to do about them is decided in the other
modules of `compat`, nowhere else.
"""
from __future__ import absolute_import, division, print_function

import os
import platform as _platform
import sys

IMPLEMENTATION = str(_platform.python_implementation())
VERSION = tuple(sys.version_info[:3])


def _release():
    implementation = getattr(sys, 'implementation', None)   # from CPython 3.3
    own = tuple(getattr(implementation, 'version', VERSION)[:3])
    return () if own == VERSION else own


# The implementation's own version, where that is not Python's: (8, 0, 1) of PyPy.
RELEASE = _release()


def _free_threaded_build():
    """Whether this CPython was built with --disable-gil (PEP 703)."""
    if IMPLEMENTATION != 'CPython' or VERSION < (3, 13):
        return False
    import sysconfig
    return bool(sysconfig.get_config_var('Py_GIL_DISABLED'))


FREE_THREADED_BUILD = _free_threaded_build()


def _interpreter_class():
    if IMPLEMENTATION == 'Jython':
        return 'J'
    if IMPLEMENTATION == 'PyPy':
        return 'P'
    if FREE_THREADED_BUILD:
        return 'FT'
    return 'G9' if VERSION < (3, 10) else 'G10'


CLASS = _interpreter_class()
HAS_FORK = hasattr(os, 'fork')


def _has_unix_sockets():
    if IMPLEMENTATION == 'Jython':      # its socket module takes a second to import
        return False
    import socket
    return hasattr(socket, 'AF_UNIX')


HAS_UNIX_SOCKETS = _has_unix_sockets()


def gil_enabled():
    """bool: whether a global interpreter lock is in force at this moment.

    A free-threaded build may switch it on when it imports an extension module
    that asks for it, so the answer can change while the program runs.
    """
    if IMPLEMENTATION == 'Jython':
        return False
    is_enabled = getattr(sys, '_is_gil_enabled', None)      # from CPython 3.13
    return True if is_enabled is None else bool(is_enabled())


def java_version():
    """str: the version of the Java runtime under Jython; None elsewhere."""
    if IMPLEMENTATION != 'Jython':
        return None
    from java.lang import System
    return str(System.getProperty('java.version'))


def java_vm():
    """str: the name of the Java virtual machine under Jython; None elsewhere."""
    if IMPLEMENTATION != 'Jython':
        return None
    from java.lang import System
    return str(System.getProperty('java.vm.name'))


def describe():
    """dict: every fact of this module, ready for `json.dumps`."""
    return {
        'implementation': IMPLEMENTATION,
        'version': list(VERSION),
        'release': list(RELEASE),
        'class': CLASS,
        'free_threaded_build': FREE_THREADED_BUILD,
        'gil_enabled': gil_enabled(),
        'java': java_version(),
        'java_vm': java_vm(),
        'platform': str(sys.platform),      # Jython's is no plain str
        'executable': None if sys.executable is None else str(sys.executable),
    }

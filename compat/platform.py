"""Facts about the interpreter that runs this code, found out inside it.

Interpreters of different classes behave differently under threads; `CLASSES` has
them all.  An implementation that nobody has told this module about is of the class
`U`, under its own name: nothing is assumed of it.

This module only states facts.  What to do about them is decided in the other
modules of `compat`, nowhere else.
"""
from __future__ import absolute_import, division, print_function

import os
import platform as _platform
import sys

#: name, whose grades it takes where a litmus row names none of its own, what it is.
#: The host reads this table from the source: literals only.
CLASSES = (
    ('G9', '', 'CPython up to 3.9 (2.7 too): the GIL may go at any bytecode'),
    ('G10', '', 'CPython from 3.10 with the GIL: it goes at calls and backward jumps'),
    ('FT', '', 'free-threaded CPython builds (PEP 703), whether or not the GIL is on'),
    ('J', '', 'Jython: no GIL, the memory model of Java'),
    ('P', '', 'PyPy: a GIL, other switch points, a JIT'),
    ('GP', 'P', 'GraalPy: a GIL, released every 50 ms; no fork'),
    ('U', '', 'unknown: nothing is assumed of it'),
)


def _implementation():
    """The name that people use; GraalPy says "GraalVM", after the machine that it runs on."""
    said = str(_platform.python_implementation())
    own = getattr(getattr(sys, 'implementation', None), 'name', '')
    return 'GraalPy' if said == 'GraalVM' or own == 'graalpy' else said


IMPLEMENTATION = _implementation()
VERSION = tuple(sys.version_info[:3])
_LEVELS = {'alpha': 'a', 'beta': 'b', 'candidate': 'rc'}
# 'a2', 'b1' or 'rc1' of a version that is not final yet, else ''.
PRERELEASE = (_LEVELS[sys.version_info[3]] + str(sys.version_info[4])
              if sys.version_info[3] in _LEVELS else '')


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
    if IMPLEMENTATION != 'CPython':
        return {'Jython': 'J', 'PyPy': 'P', 'GraalPy': 'GP'}.get(IMPLEMENTATION, 'U')
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
    """bool: whether a global interpreter lock is in force at this moment; None: unknown.

    A free-threaded build may switch it on when it imports an extension module
    that asks for it, so the answer can change while the program runs.
    """
    if IMPLEMENTATION == 'Jython':
        return False
    is_enabled = getattr(sys, '_is_gil_enabled', None)      # from CPython 3.13
    if is_enabled is None:
        return None if CLASS == 'U' else True
    return bool(is_enabled())


_brought_back = []      # at most one: the module that switched the GIL on


def watch_imports():
    """Begin to note which extension module brings the GIL back, for `gil_module`.

    A free-threaded build switches its GIL on, for good, when it loads an extension module that
    does not declare `Py_mod_gil`.  It says so in a warning only, which others may hide.
    """
    if not FREE_THREADED_BUILD or gil_enabled():
        return
    from importlib import machinery
    loader = machinery.ExtensionFileLoader
    for name in ('create_module', 'exec_module'):
        setattr(loader, name, _noting(getattr(loader, name)))


def _noting(load):
    def load_and_look(self, what):
        try:
            return load(self, what)
        finally:
            if gil_enabled() and not _brought_back:
                _brought_back.append(str(self.name))
    return load_and_look


def gil_module():
    """str: the extension module that brought the GIL back; None: none did, or nobody watched."""
    return _brought_back[0] if _brought_back and gil_enabled() else None


def jit_enabled():
    """bool: whether a just-in-time compiler may run; None where there is none to switch.

    CPython has one from 3.13, and tells from 3.14; a free-threaded build switches it off for good
    when a second thread starts (python/cpython#141595).  Jython's is Java's.
    """
    if IMPLEMENTATION == 'PyPy':
        return 'pypyjit' in sys.builtin_module_names
    jit = getattr(sys, '_jit', None)
    return bool(jit.is_enabled()) if jit is not None and jit.is_available() else None


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
        'prerelease': PRERELEASE,
        'release': list(RELEASE),
        'class': CLASS,
        'free_threaded_build': FREE_THREADED_BUILD,
        'gil_enabled': gil_enabled(),
        'gil_module': gil_module(),
        'jit_enabled': jit_enabled(),
        'java': java_version(),
        'java_vm': java_vm(),
        'platform': str(sys.platform),      # Jython's is no plain str
        'executable': None if sys.executable is None else str(sys.executable),
    }

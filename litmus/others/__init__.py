"""Other people's threaded code, raced under the watch: do its documented promises hold?

    python -m portable_server.litmus.others --list
    python -m portable_server.litmus.others queue --rounds 200 --seed 7

Each library has a module here, `stress_NAME`, with

    PROMISE     what its documentation promises to threads, in our words
    SOURCE      where the documentation says so
    OPEN        modules whose own locks the watch is to look at, though it leaves them
                alone elsewhere (those of the standard library, mostly)
    load()      import it, under the watch, and return it; ImportError where it is absent
    version()   str: its version, given what load() returned
    stress()    one round, given what load() returned and a `rounds.Round`

    rounds.py     threads released together, with a limit of time and a seed
    findings.py   the watch's reports in a form that is alike on all interpreters
    peers.py      the other end of a connection
    __main__.py   runs one of them and prints what was found as JSON

A run that found nothing proves nothing: it says in how many rounds it found nothing.
"""
from __future__ import absolute_import, division, print_function

import importlib
import sys

NAMES = ('queue', 'socketserver', 'futures', 'logging', 'cachetools', 'sortedcontainers',
         'urllib3', 'cheroot', 'apscheduler', 'dbutils')


def program(name):
    """The module that stresses the library of this name; KeyError if there is none."""
    if name not in NAMES:
        raise KeyError(name)
    return importlib.import_module('portable_server.litmus.others.stress_' + name)


def first_of(*names):
    """Import the first of these modules that there is: some were renamed in Python 3."""
    for name in names[:-1]:
        try:
            return importlib.import_module(name)
        except ImportError:
            pass
    return importlib.import_module(names[-1])


def afresh(name, *submodules):
    """A second copy of a loaded module, with `submodules` of it: its global locks are new.

    Those who imported it before keep their copy, and so does who imports it later.
    """
    mine = [key for key in sys.modules if key == name or key.startswith(name + '.')]
    before = dict((key, sys.modules.pop(key)) for key in mine)
    try:
        for one in submodules:
            importlib.import_module(name + '.' + one)
        return importlib.import_module(name)
    finally:
        for key in [key for key in sys.modules if key == name or key.startswith(name + '.')]:
            del sys.modules[key]
        sys.modules.update(before)

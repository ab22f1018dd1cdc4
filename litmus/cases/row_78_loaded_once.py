"""Rows 78 and 79: what is loaded at its first use, by two threads at once.

`linecache` reads a file when its first line is asked for and keeps its lines (row 78): both
threads have the line, though the file may be read twice. A module that is imported lazily
(PEP 810, CPython 3.15) is loaded when its name is first used (row 79): once, as with any import,
whichever thread is first.

Where an interpreter has no lazy imports, the outcome of row 79 is "absent".

Source: CPython documentation, library/linecache; PEP 810, on threads.
"""
from __future__ import absolute_import, division, print_function

import importlib
import itertools
import linecache
import sys
import types

from portable_server.litmus import Case, actor, expect

LINE, ONCE, ABSENT = 'the line', 'loaded once', 'absent'
_FILE = __file__[:-1] if __file__.endswith(('.pyc', '.pyo')) else __file__.replace('$py.class', '.py')
_LAZY = 'lazy import %s\ndef use():\n    return %s.VALUE\n'
_names = itertools.count()


class FirstLine(Case):
    """Two threads ask for a line of a file that nobody has read: do both have it?"""

    rows = (78,)
    expectations = (expect(LINE, 'A', 'library/linecache: getline'),)
    batch = 1               # the cache is one for the whole process

    def __init__(self):
        linecache.cache.pop(_FILE, None)
        self.lines = [None, None]

    @actor
    def first(self):
        self.lines[0] = linecache.getline(_FILE, 1)

    @actor
    def second(self):
        self.lines[1] = linecache.getline(_FILE, 1)

    def observe(self):
        begin = '"""Rows 78 and 79'
        return LINE if all(line.startswith(begin) for line in self.lines) else 'other'


class _Finder(object):
    """Finds modules that count how often they were run."""

    prefix = 'litmus_row_79_'

    def __init__(self):
        self.runs = {}

    def find_spec(self, name, path, target=None):
        """The spec of a module with the prefix, None of any other."""
        machinery = importlib.import_module('importlib.machinery')     # Python 3 only, as we are
        return machinery.ModuleSpec(name, self) if name.startswith(self.prefix) else None

    def create_module(self, spec):
        """A module as usual."""
        return None

    def exec_module(self, module):
        """What the body of the module does."""
        self.runs[module.__name__] = self.runs.get(module.__name__, 0) + 1
        module.VALUE = 1


class LazyImport(Case):
    """Two threads are the first to use a lazily imported module: is it loaded once?"""

    rows = (79,)
    expectations = (expect(ONCE, 'A', 'PEP 810: reification holds the import lock'),
                    expect(ABSENT, 'A', 'PEP 810: new in 3.15'))
    batch = 1               # sys.modules is one for the whole process
    available = hasattr(sys, 'set_lazy_imports')
    finder = _Finder()

    def __init__(self):
        self.name = _Finder.prefix + '%d' % next(_names)
        self.values, self.early = [1, 1], False
        self.use = self.importing() if self.available else (lambda: 1)

    def importing(self):
        """A function that uses the module, in a module that imports it lazily."""
        if self.finder not in sys.meta_path:
            sys.meta_path.insert(0, self.finder)
        module = types.ModuleType('user_of_' + self.name)
        exec(_LAZY % (self.name, self.name), vars(module))
        self.early = self.name in self.finder.runs
        return module.use

    @actor
    def first(self):
        self.values[0] = self.use()

    @actor
    def second(self):
        self.values[1] = self.use()

    def observe(self):
        if not self.available:
            return ABSENT
        sys.modules.pop(self.name, None)
        runs = self.finder.runs.pop(self.name, 0)
        if self.early or self.values != [1, 1]:
            return 'loaded too early' if self.early else 'another value'
        return ONCE if runs == 1 else 'loaded %d times' % runs

"""Rows 11 and 12: a dict iterated while another thread changes it, and a copy of it.

CPython and PyPy notice the change and raise RuntimeError. Jython's dict is a
ConcurrentHashMap, whose iterator is weakly consistent: it never raises, and what it
shows is some mixture. A copy (``list(d.items())``, ``d.copy()``) is the portable way.

Source: CPython documentation, library/stdtypes (dictionary views) and
library/threadsafety (dict); the Jython book, Concurrency.
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import Case, actor, expect


class DictIteration(Case):
    """One thread iterates over a dict that another fills: does it raise?"""

    rows = (11,)
    expectations = (expect('no exception', 'A', 'library/stdtypes: may raise, or not'),
                    expect('raises RuntimeError', 'I',
                           'library/stdtypes: dictionary views; the Jython book: weakly consistent',
                           J='F'))
    batch = 20

    def __init__(self):
        self.numbers = dict.fromkeys(range(20))

    def walk(self):
        for _ in self.numbers:
            len(self.numbers)

    @actor
    def reader(self):
        for _ in range(5):
            self.walk()

    @actor
    def writer(self):
        for key in range(100, 160):
            self.numbers[key] = None

    def observe(self):
        return 'no exception'


class DictCopyIteration(DictIteration):
    """The reader iterates over a copy: no exception, on every interpreter."""

    rows = (12,)
    mends = 'DictIteration'
    expectations = (expect('no exception', 'A', 'library/threadsafety: dict.copy'),)

    def walk(self):
        for _ in self.numbers.copy():
            len(self.numbers)


class DictItemsList(DictIteration):
    """The reader iterates over ``list(d.items())``: no exception."""

    rows = (12,)
    mends = 'DictIteration'
    expectations = (expect('no exception', 'A', 'observed only'),)

    def walk(self):
        for _ in list(self.numbers.items()):
            len(self.numbers)


class ListIteration(DictIteration):
    """Row 13: a list iterated while it is appended to raises nothing."""

    rows = (13,)
    expectations = (expect('no exception', 'A', 'library/threadsafety: list iteration'),)

    def __init__(self):
        self.numbers = list(range(20))

    @actor
    def writer(self):
        for number in range(60):
            self.numbers.append(number)

"""Row 3: ``o.value += 1`` through a property is two calls of Python code.

A property's getter and setter are functions: the innocent ``+=`` becomes row 2.

Source: CPython documentation, howto/free-threading-python; observed on all classes.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus.cases._counting import Counting, CountingForced, keeps_all, may_lose


class PropertyUpdate(Counting):
    """Two threads add through a property: are all additions kept?"""

    rows = (3,)
    expectations = may_lose('howto/free-threading-python')

    @property
    def value(self):
        """The counter behind a property."""
        return self.n

    @value.setter
    def value(self, new):
        self.n = new

    def add(self):
        for _ in range(self.additions):
            self.value += 1


class PropertyUpdateForced(CountingForced):
    """The getter and the setter are the places to lose the turn: one addition lost."""

    rows = (3,)

    @property
    def value(self):
        """The counter; the turn may go before it is read."""
        self.at('read')
        return self.n

    @value.setter
    def value(self, new):
        self.at('write')
        self.n = new

    def add(self):
        self.value += 1


class PropertyUpdateMended(PropertyUpdate):
    """The same with a Lock around the whole ``+=``: nothing is lost."""

    rows = (3, 5)
    mends = 'PropertyUpdate'
    expectations = keeps_all('library/threading: Lock')

    def __init__(self):
        super(PropertyUpdateMended, self).__init__()
        self.lock = threads.Lock()

    def add(self):
        for _ in range(self.additions):
            with self.lock:
                self.value += 1

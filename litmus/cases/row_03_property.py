"""Row 3: ``o.value += 1`` through a property is two calls of Python code.

A property's getter and setter are functions: the innocent ``+=`` becomes row 2.

Source: CPython documentation, howto/free-threading-python; observed on all classes.
"""
from __future__ import absolute_import, division, print_function

from compat import threads
from litmus import Case, actor, expect


class PropertyUpdate(Case):
    """Two threads add through a property: are all additions kept?"""

    rows = (3,)
    expectations = (expect('all kept', 'A', 'the sequential outcome'),
                    expect('some lost', 'I', 'howto/free-threading-python'))
    batch = 20
    additions = 50

    def __init__(self):
        self._value = 0

    @property
    def value(self):
        """The counter behind a property."""
        return self._value

    @value.setter
    def value(self, new):
        self._value = new

    def add(self):
        for _ in range(self.additions):
            self.value += 1

    @actor
    def first(self):
        self.add()

    @actor
    def second(self):
        self.add()

    def observe(self):
        return 'all kept' if self._value == 2 * self.additions else 'some lost'


class PropertyUpdateMended(PropertyUpdate):
    """The same with a Lock around the whole ``+=``: nothing is lost."""

    rows = (3, 5)
    mends = 'PropertyUpdate'
    expectations = (expect('all kept', 'A', 'library/threading: Lock'),)

    def __init__(self):
        super(PropertyUpdateMended, self).__init__()
        self.lock = threads.Lock()

    def add(self):
        for _ in range(self.additions):
            with self.lock:
                self.value += 1

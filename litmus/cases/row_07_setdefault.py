"""Row 7: ``dict.setdefault`` has exactly one winner, for keys of built-in types.

All callers get the same value back. With a key whose ``__hash__`` or ``__eq__`` is
Python code the promise ends.

Source: CPython documentation, library/threadsafety (dict), and issue 13521.
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import Case, actor, expect


class SetDefault(Case):
    """Two threads set a default under one key: do both get the same one?"""

    rows = (7,)
    expectations = (expect('one winner', 'A', 'library/threadsafety: dict.setdefault'),)

    def __init__(self):
        self.found = {}
        self.answers = [None, None]

    @actor
    def first(self):
        self.answers[0] = self.found.setdefault('key', 'first')

    @actor
    def second(self):
        self.answers[1] = self.found.setdefault('key', 'second')

    def observe(self):
        one = self.answers[0] == self.answers[1] == self.found['key']
        return 'one winner' if one else 'two winners'

"""Two threads count in one place, and what they counted is compared with what was due.

Rows 1 to 5 differ in how one addition is written (``add``) and in where the number is
(``total``); this is what they have in common.
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import Case, Forced, actor, expect

KEPT = 'all kept'
LOST = 'some lost'


def may_lose(source):
    """The outcome table of an addition that ``source`` calls not atomic."""
    return (expect(KEPT, 'A', 'the sequential outcome'), expect(LOST, 'I', source))


def keeps_all(source):
    """The outcome table of an addition that ``source`` promises to keep."""
    return (expect(KEPT, 'A', source),)


class Counting(Case):
    """Two threads add ``additions`` times each to a number."""

    batch = 20
    additions = 50

    def __init__(self):
        self.n = 0

    def add(self):
        """All additions of one thread."""
        raise NotImplementedError(type(self).__name__ + ' must define add()')

    def total(self):
        """Where the number is found in the end."""
        return self.n

    @actor
    def first(self):
        self.add()

    @actor
    def second(self):
        self.add()

    def observe(self):
        return KEPT if self.total() == 2 * self.additions else LOST


class CountingForced(Forced):
    """Both read before either writes: one addition of two is lost, each time."""

    schedule = 'first:read second:read second:write first:write'
    outcome = '1'

    def __init__(self):
        self.n = 0

    def add(self):
        """One addition, its read and its write a segment each."""
        self.at('read')
        n = self.n
        self.at('write')
        self.n = n + 1

    @actor
    def first(self):
        self.add()

    @actor
    def second(self):
        self.add()

    def observe(self):
        return str(self.n)

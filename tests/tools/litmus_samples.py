"""Cases for the tests of the command: a fine one, and one for each thing that goes wrong."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, Forced, actor, expect


class Fine(Case):
    """Nothing happens."""

    rows = (1,)
    mends = 'Bad'
    expectations = (expect('fine', 'A', 'test'), expect('CRASH', 'I', 'test'))

    @actor
    def works(self):
        pass

    def observe(self):
        return 'fine'


class Bad(Fine):
    """An actor raises."""

    mends = None

    def works(self):
        raise KeyError('bad')


class Blind(Fine):
    """The observer raises."""

    def observe(self):
        return 1 // 0


class Nobody(Case):
    """There are no actors."""


class Followed(Forced):
    """A schedule that can be followed."""

    schedule = 'first:a second:b'
    outcome = 'ab'

    def __init__(self):
        self.marks = ''

    @actor
    def first(self):
        self.at('a')
        self.marks += 'a'

    @actor
    def second(self):
        self.at('b')
        self.marks += 'b'

    def observe(self):
        return self.marks


class Hanging(Fine):
    """An actor waits for what never comes."""

    @actor
    def waits(self):
        threads.Event().wait(60)

"""Row 25: a loop on a flag ends when another thread sets it.

In C the compiler may read the flag once, before the loop ("hoisting"), and spin for
ever. A Python attribute is read again each time, JIT or not.

Source: the Jython book, Concurrency; observed on all classes. A loop that never ends
is the outcome HANG, and forbidden.
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import Case, actor, expect


class FlagLoop(Case):
    """One thread waits in a loop for the other's flag: does it see it?"""

    rows = (25,)
    expectations = (expect('seen', 'A', 'the Jython book, Concurrency'),
                    expect('HANG', 'F', 'the Jython book, Concurrency'))
    batch = 20

    def __init__(self):
        self.flag = False

    @actor
    def waiter(self):
        while not self.flag:
            pass

    @actor
    def setter(self):
        self.flag = True

    def observe(self):
        return 'seen'

"""Row 15: ``sum(l)`` while another thread moves an amount from one item to the other.

The total is always 200, only never in the list: between the two stores an amount is in
no account, and whoever sums then sees a total that never was. Each single operation is
whole on every interpreter; what is not whole is the pair. Only a lock around both
makes one step of them, and only if the reader takes it, too.

Source: CPython documentation, library/threadsafety (list: operations that involve
multiple accesses are never atomic).
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, Forced, actor, expect

TOTAL = 200
RIGHT = 'right total'
WRONG = 'impossible total'


class SumInBetween(Case):
    """One thread sums what another moves about: does it see a total that never was?"""

    rows = (15,)
    expectations = (expect(RIGHT, 'A', 'the sequential outcome'),
                    expect(WRONG, 'I', 'library/threadsafety: list, multiple accesses'))
    batch = 20
    turns = 50

    def __init__(self):
        self.accounts = [TOTAL // 2, TOTAL // 2]
        self.totals = set()

    def move(self, amount):
        """Take from one account, give to the other."""
        self.accounts[0] -= amount
        self.accounts[1] += amount

    def add_up(self):
        """One more total as this thread sees it."""
        self.totals.add(sum(self.accounts))

    @actor
    def clerk(self):
        for number in range(self.turns):
            self.move(10 if number % 2 else -10)

    @actor
    def auditor(self):
        for _ in range(self.turns):
            self.add_up()

    def observe(self):
        return RIGHT if self.totals == set([TOTAL]) else WRONG


class SumInBetweenForced(Forced):
    """The sum is taken when the amount is in no account: 190 of 200, each time."""

    rows = (15,)
    schedule = 'clerk:take auditor:sum clerk:give'
    outcome = '190'

    def __init__(self):
        self.accounts = [TOTAL // 2, TOTAL // 2]
        self.total = None

    @actor
    def clerk(self):
        self.at('take')
        self.accounts[0] -= 10
        self.at('give')
        self.accounts[1] += 10

    @actor
    def auditor(self):
        self.at('sum')
        self.total = sum(self.accounts)

    def observe(self):
        return str(self.total)


class SumHalfWayForced(SumInBetweenForced):
    """The sum itself is no one step: the iterator is stopped between two items, 210 of 200."""

    schedule = 'auditor:first clerk:move auditor:second'
    outcome = '210'

    def each(self):
        """The accounts one by one, as an iterator written in Python gives them."""
        for name, number in (('first', 0), ('second', 1)):
            self.at(name)
            yield self.accounts[number]

    @actor
    def clerk(self):
        self.at('move')
        self.accounts[0] -= 10
        self.accounts[1] += 10

    @actor
    def auditor(self):
        self.total = sum(self.each())


class SumInBetweenMended(SumInBetween):
    """Clerk and auditor take one lock: the total is right, always."""

    mends = 'SumInBetween'
    expectations = (expect(RIGHT, 'A', 'library/threading: Lock'),)

    def __init__(self):
        super(SumInBetweenMended, self).__init__()
        self.lock = threads.Lock()

    def move(self, amount):
        with self.lock:
            super(SumInBetweenMended, self).move(amount)

    def add_up(self):
        with self.lock:
            super(SumInBetweenMended, self).add_up()

"""Row 44: two locks of one class need an order of their own.

A transfer holds the locks of two accounts. The graph of row 43 knows one class,
"account", and no order inside it. So two at once are reported, unless each has a rank and
they are taken in ascending order. ``watch.name`` names a class; without a name, the class
is the line that created the lock.

Source: the Linux kernel's documentation, locking/lockdep-design, on nested locks of one
class.
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import expect
from portable_server.litmus.cases.row_43_lock_order import SOURCE, take
from portable_server.litmus.watched import NOTHING, WatchedCase


class TwoAccounts(WatchedCase):
    """No order among them: the transfer back is the deadlock."""

    rows = (44,)
    expectations = (expect('same-class-nesting of account', 'A', SOURCE),)

    def lesson(self):
        take(self.new_lock('account'), self.new_lock('account'))


class TwoAccountsDescending(TwoAccounts):
    """They have ranks, and are taken against them."""

    def lesson(self):
        take(self.new_lock('account', rank=2), self.new_lock('account', rank=1))


class TwoAccountsMended(WatchedCase):
    """The account with the lower number first, whichever way the money goes."""

    rows = (44,)
    mends = 'TwoAccounts'
    expectations = (expect(NOTHING, 'A', SOURCE),)

    def lesson(self):
        accounts = [self.new_lock('account', rank=number) for number in range(2)]
        for source, target in ((0, 1), (1, 0)):
            take(accounts[min(source, target)], accounts[max(source, target)])

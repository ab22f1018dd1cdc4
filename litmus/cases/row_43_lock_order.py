"""Row 43: A then B here, B then A there: a deadlock to come, seen before it comes.

Two threads that do so at the wrong moment wait for each other for ever. It may take
years. The watch keeps a graph: an arrow from each lock that is held to the one that is
waited for, by *class* of lock, so that it outlives the locks. A cycle in it is reported
when its last arrow is drawn, from one thread, in sequence, without any deadlock.

Who only tries (``acquire(False)``) waits for nobody and draws no arrow.

Source: the Linux kernel's documentation, locking/lockdep-design.
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import expect, watch
from portable_server.litmus.watched import NOTHING, WatchedCase

SOURCE = 'Linux, locking/lockdep-design'


def take(*locks):
    """Take the locks in this order and give them back."""
    if locks:
        with locks[0]:
            take(*locks[1:])


class Crossed(WatchedCase):
    """A-B, then B-A, by one thread."""

    rows = (43,)
    expectations = (expect('lock-order of a', 'A', SOURCE),)

    def lesson(self):
        a, b = self.new_lock('a'), self.new_lock('b')
        take(a, b)
        take(b, a)


class CrossedByThree(Crossed):
    """A-B, B-C, C-A: no two of them are wrong."""

    def lesson(self):
        a, b, c = [self.new_lock(name) for name in 'abc']
        take(a, b)
        take(b, c)
        take(c, a)


class CrossedByOthers(Crossed):
    """The graph is of classes: other locks of the same names."""

    def lesson(self):
        take(self.new_lock('a'), self.new_lock('b'))
        take(self.new_lock('b'), self.new_lock('a'))


class CrossedAgainstTheDeclaration(Crossed):
    """The order was declared; the first reverse is enough."""

    expectations = (expect('lock-order of upper', 'A', SOURCE),)

    def lesson(self):
        watch.order('upper', 'lower')
        take(self.new_lock('lower'), self.new_lock('upper'))


class CrossedMended(WatchedCase):
    """One order everywhere; where that can't be, the second is only tried."""

    rows = (43,)
    mends = 'Crossed'
    expectations = (expect(NOTHING, 'A', SOURCE),)

    def lesson(self):
        a, b = self.new_lock('a'), self.new_lock('b')
        take(a, b)
        take(a, b)
        with b:
            if a.acquire(False):
                a.release()

"""Rows 22 to 24: what the memory models of the hardware allow, and Python does not show.

*Store buffering* (Dekker): each thread writes its flag and reads the other's; on bare
hardware both may read 0. *Message passing*: data, then a flag; may the flag be seen
without the data? *Publication*: may an object be seen half built?

CPython's GIL, the locks and atomics of free-threaded CPython and the volatile accesses
behind Jython's dictionaries forbid all three for attributes of objects.

Source: the Jython book, Concurrency ("Python memory model"); PEP 703, "Memory model"
is open; 0 of 60,000 observed on all classes.
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus import Case, actor, expect


class StoreBuffering(Case):
    """Each writes its own flag and reads the other's: do both read 0?"""

    rows = (22,)
    expectations = (expect('0 1', 'A', 'sequentially consistent'),
                    expect('1 0', 'A', 'sequentially consistent'),
                    expect('1 1', 'A', 'sequentially consistent'),
                    expect('0 0', 'F', 'the Jython book, Concurrency'))

    def __init__(self):
        self.x = self.y = 0
        self.seen_by_first = self.seen_by_second = None

    @actor
    def first(self):
        self.x = 1
        self.seen_by_first = self.y

    @actor
    def second(self):
        self.y = 1
        self.seen_by_second = self.x

    def observe(self):
        return '%d %d' % (self.seen_by_first, self.seen_by_second)


class MessagePassing(Case):
    """Data, then a flag: is the flag ever seen without the data?"""

    rows = (23,)
    expectations = (expect('0 0', 'A', 'the reader came first'),
                    expect('0 1', 'A', 'the reader came between'),
                    expect('1 1', 'A', 'the reader came last'),
                    expect('1 0', 'F', 'the Jython book, Concurrency'))

    def __init__(self):
        self.data = self.flag = 0
        self.seen = None

    @actor
    def writer(self):
        self.data = 1
        self.flag = 1

    @actor
    def reader(self):
        flag = self.flag
        self.seen = (flag, self.data)

    def observe(self):
        return '%d %d' % self.seen


class _Pair(object):
    def __init__(self):
        self.left = 1
        self.right = 1


class Publication(Case):
    """An object is built and published: is it ever seen half built?"""

    rows = (24,)
    expectations = (expect('whole', 'A', 'the Jython book, Concurrency'),
                    expect('not there yet', 'A', 'the reader came first'))

    def __init__(self):
        self.pair = None
        self.seen = 'not there yet'

    @actor
    def writer(self):
        self.pair = _Pair()

    @actor
    def reader(self):
        pair = self.pair
        if pair is not None:
            whole = (getattr(pair, 'left', 0), getattr(pair, 'right', 0)) == (1, 1)
            self.seen = 'whole' if whole else 'half built'

    def observe(self):
        return self.seen

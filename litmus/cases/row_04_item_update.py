"""Row 4: ``d[k] += 1`` is a look-up, an addition and a store.

Each of the three is safe on every interpreter; the three together are not.

Source: CPython documentation, library/threadsafety (dict).
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus.cases._counting import Counting, CountingForced, keeps_all, may_lose


class ItemUpdate(Counting):
    """Two threads count in one dict: are all additions kept?"""

    rows = (4,)
    expectations = may_lose('library/threadsafety: dict, d[k] += 1')

    def __init__(self):
        self.counts = {'x': 0}

    def add(self):
        for _ in range(self.additions):
            self.counts['x'] += 1

    def total(self):
        return self.counts['x']


class _Counts(dict):
    """A dict that tells the case when it is looked up and stored to."""

    def __init__(self, at):
        super(_Counts, self).__init__(x=0)
        self.at = at

    def __getitem__(self, key):
        self.at('read')
        return dict.__getitem__(self, key)

    def __setitem__(self, key, value):
        self.at('write')
        dict.__setitem__(self, key, value)


class ItemUpdateForced(CountingForced):
    """Both look up before either stores: one addition lost, each time."""

    rows = (4,)

    def __init__(self):
        self.counts = _Counts(self.at)

    def add(self):
        self.counts['x'] += 1

    def observe(self):
        return str(self.counts.get('x'))


class ItemUpdateMended(ItemUpdate):
    """The same with a Lock: nothing is lost."""

    rows = (4, 5)
    mends = 'ItemUpdate'
    expectations = keeps_all('library/threading: Lock')

    def __init__(self):
        super(ItemUpdateMended, self).__init__()
        self.lock = threads.Lock()

    def add(self):
        for _ in range(self.additions):
            with self.lock:
                self.counts['x'] += 1

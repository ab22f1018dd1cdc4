"""Row 9: ``if k not in d: d[k] = ...`` lets two threads in.

Between the check and the store stands the time to compute the value. Use
``setdefault`` (row 7) where a value made in vain does no harm, a lock where it does.

Source: CPython documentation, library/threadsafety (dict).
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import Case, Forced, actor, expect


class CheckThenStore(Case):
    """Two threads create what is not there yet: is it created once?"""

    rows = (9,)
    expectations = (expect('created once', 'A', 'the sequential outcome'),
                    expect('created twice', 'I', 'library/threadsafety: dict'))

    def __init__(self):
        self.found = {}
        self.created = []

    def create(self):
        self.created.append(None)
        return len(self.created)

    def enter(self):
        if 'key' not in self.found:
            self.found['key'] = self.create()

    @actor
    def first(self):
        self.enter()

    @actor
    def second(self):
        self.enter()

    def observe(self):
        return 'created once' if len(self.created) == 1 else 'created twice'


class CheckThenStoreForced(CheckThenStore, Forced):
    """Both check before either stores: created twice, each time."""

    expectations = ()
    schedule = 'first:check second:check first:store second:store'
    outcome = 'created twice'

    def enter(self):
        self.at('check')
        if 'key' not in self.found:
            self.at('store')
            self.found['key'] = self.create()


class CheckThenStoreMended(CheckThenStore):
    """Check and store under one lock: created once."""

    mends = 'CheckThenStore'
    expectations = (expect('created once', 'A', 'library/threading: Lock'),)

    def __init__(self):
        super(CheckThenStoreMended, self).__init__()
        self.lock = threads.Lock()

    def enter(self):
        with self.lock:
            super(CheckThenStoreMended, self).enter()

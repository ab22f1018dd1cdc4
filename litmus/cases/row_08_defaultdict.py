"""Row 8: the factory of a ``defaultdict`` may run twice for one key.

A missing key is looked up, the factory is called, the value is stored. The factory is
Python code: another thread may look up the same key meanwhile, find nothing and call it
too. Then the second store replaced the first, and one thread went on with a value that
is not in the dict; newer CPythons (3.13 and 3.14 in their later releases, with the GIL
or without) keep the first value for both, and the other was made in vain.

On Jython the dict is a cache of Guava's (LoadingCache), which loads a key once and lets
others wait for it.

Source: CPython, Modules/_collectionsmodule.c, defdict_missing, and issue 142495; Jython,
PyDefaultDict.java.
"""
from __future__ import absolute_import, division, print_function

import collections

from portable_server.compat import threads
from portable_server.litmus import Case, Forced, actor, expect, per_class

ONCE = 'one winner'
VAIN = 'one winner, made twice'
TWO = 'two winners'
_SOURCE = 'defdict_missing holds no lock while the factory runs; PyDefaultDict.java: LoadingCache'


class _Asked(object):
    """What two threads get under one key."""

    def __init__(self):
        self.found = collections.defaultdict(self.make)
        self.answers = [None, None]
        self.made = []

    def make(self):
        """The factory: a value that only its maker has."""
        value = object()
        self.made.append(value)
        return value

    def ask(self, number):
        self.answers[number] = self.found['key']

    @actor
    def first(self):
        self.ask(0)

    @actor
    def second(self):
        self.ask(1)


class DefaultDict(_Asked, Case):
    """Two threads ask for a key that is missing: do both get the same value?"""

    rows = (8,)
    expectations = (expect(ONCE, 'A', 'the sequential outcome'),
                    expect(VAIN, 'I', _SOURCE, J='F'),
                    expect(TWO, 'I', _SOURCE + '; cpython issue 142495', J='F'))

    def observe(self):
        if self.answers[0] is not self.answers[1]:
            return TWO
        return ONCE if len(self.made) == 1 else VAIN


class DefaultDictForced(_Asked, Forced):
    """Both are in the factory before either value is stored; on Jython the second waits."""

    rows = (8,)
    schedule = 'first:make second:make first:store second:store'
    outcome = per_class('made twice', J='impossible')
    patience = 1.0

    def make(self):
        self.at('make')
        value = super(DefaultDictForced, self).make()
        self.at('store')
        return value

    def observe(self):
        return 'made once' if len(self.made) == 1 else 'made twice'


class DefaultDictMended(DefaultDict):
    """Look up under a lock: one winner, on every interpreter."""

    mends = 'DefaultDict'
    expectations = (expect(ONCE, 'A', 'library/threading: Lock'),)

    def __init__(self):
        super(DefaultDictMended, self).__init__()
        self.lock = threads.Lock()

    def ask(self, number):
        with self.lock:
            super(DefaultDictMended, self).ask(number)

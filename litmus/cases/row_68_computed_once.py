"""Rows 68 and 69: a value that is computed at its first use, and kept.

Both decorators keep their own books in order under threads and neither promises that the
function runs once: `cached_property` had a lock until 3.11, and 3.12 took it away;
`lru_cache` calls the function outside of its lock. A function with an effect (a connection
that it opens) needs a lock of its own.

Where an interpreter has no such decorator (2.7, 3.6, 3.7), the outcome is "absent".

Source: CPython documentation, library/functools, cached_property and lru_cache.
"""
from __future__ import absolute_import, division, print_function

import functools

from portable_server.litmus import Case, actor, expect

ONCE, TWICE, ABSENT = 'computed once', 'computed twice', 'absent'


def _table(source):
    return (expect(ONCE, 'A', 'the sequential outcome'), expect(TWICE, 'I', source),
            expect(ABSENT, 'A', 'library/functools: new in 3.2 and 3.8'))


class _Computed(Case):
    """Two threads ask for a value that nobody has asked for yet."""

    decorator = None

    def __init__(self):
        self.calls = []
        self.answers = [None, None]
        self.ask = (lambda: 1) if self.decorator is None else self.asking()

    def compute(self):
        """The function that is to run once; its answer tells its calls apart from other values."""
        self.calls.append(None)
        return 1

    def asking(self):
        """A function that gives the value, computed when there is none."""
        raise NotImplementedError(type(self).__name__ + ' must define asking()')

    @actor
    def first(self):
        self.answers[0] = self.ask()

    @actor
    def second(self):
        self.answers[1] = self.ask()

    def observe(self):
        if self.decorator is None:
            return ABSENT
        if self.answers != [1, 1]:
            return 'another answer'
        return {1: ONCE, 2: TWICE}.get(len(self.calls), 'computed %d times' % len(self.calls))


class CachedProperty(_Computed):
    """Is a `cached_property` computed once when two threads read it first?"""

    rows = (68,)
    expectations = _table('library/functools: cached_property may run more than once')
    decorator = getattr(functools, 'cached_property', None)

    def asking(self):
        value = type(self).decorator(lambda holder: self.compute())
        value.__set_name__(None, 'value')
        holder = type('Holder', (object,), {'value': value})()
        return lambda: holder.value


class LruCache(_Computed):
    """Is a function with an `lru_cache` called once when two threads call it first?"""

    rows = (69,)
    expectations = _table('library/functools: lru_cache may call more than once')
    decorator = getattr(functools, 'lru_cache', None)

    def asking(self):
        return type(self).decorator(maxsize=None)(self.compute)

"""What the tests of promises share: calls of which a test expects that they wait.

One test for each promise of the documentation of Python 3.8 (library/threading, library/queue),
one file for each class.  `tests/compat/mutants` has classes that each break one promise, and
tests/host/test_compat_mutants.py shows that these tests notice every one; so they look up
`threads.Lock` and the like when they run, never when they are loaded.

That a call waits cannot be seen from outside on every interpreter, only that it has not
returned.  So a test gives it a moment and goes on.  The moment orders nothing: a right
program passes however short it is, and a wrong one has the time to show itself.
"""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import clock, threads
from tests import support
from tests.support.limits import scaled

#: marks a file: its locks are taken in every wrong way
not_watched = pytest.mark.lock_watch_off(why='tests of locks take them in every wrong way')

#: seconds that no wait of these tests should ever need
LIMIT = scaled(10.0)
#: a time-out in seconds that is waited for
SHORT = 0.1
_EARLY = 0.95       # milliseconds are counted here, a clock goes a little ahead there
_LATE = 30          # machines are busy


def a_moment():
    """Let the other threads do what they should not."""
    clock.sleep(0.02)


def lasts(function, seconds=SHORT):
    """What `function()` returns, which must take about this many seconds."""
    value, elapsed = support.timed(function)
    assert seconds * _EARLY <= elapsed <= seconds * _LATE
    return value


def waiting(*functions):
    """list: each function is called in a thread and waits; what gives its result."""
    begun, ended = [], []

    def call(function):
        begun.append(function)
        try:
            return function()
        finally:
            ended.append(function)

    results = [support.start(lambda function=function: call(function)) for function in functions]
    support.until(lambda: len(begun) == len(functions))
    a_moment()
    assert ended == []
    return results


def results(calls):
    """list: what each of the calls returned."""
    return [result() for result in calls]


def another_gets(lock):
    """bool: whether another thread could have `lock` now (which it then keeps)."""
    return support.run_in_thread(lambda: lock.acquire(False))


class Log(object):
    """What happened in which order, by all threads."""

    def __init__(self):
        self.entries = []

    def __call__(self, *entry):
        self.entries.append(entry)

    def until(self, number):
        """Wait until there are this many entries."""
        support.until(lambda: len(self.entries) >= number)


def new(kind, *arguments, **keywords):
    """An object of the class that `compat.threads` has by the name `kind` now."""
    return getattr(threads, kind)(*arguments, **keywords)

"""The few functions of CPython's `test.support` that its lock tests use."""
from __future__ import absolute_import, division, print_function

import contextlib
import gc
import unittest

from portable_server.compat import clock, threads

_LIMIT = 10.0       # seconds for threads to end, or for garbage to be collected


class _Running(object):
    """Counts the threads that `start_new_thread` started and that still run."""

    def __init__(self):
        self._lock = threads.Lock()
        self.count = 0

    def add(self, number):
        with self._lock:
            self.count += number


_running = _Running()


def start_new_thread(function, arguments):
    """`_thread.start_new_thread`, counted for `wait_threads_exit`."""
    def counted():
        try:
            function(*arguments)
        finally:
            _running.add(-1)

    _running.add(1)
    return threads.start_new_thread(counted, ())


def _wait_until(condition):
    deadline = clock.monotonic() + _LIMIT
    while not condition() and clock.monotonic() < deadline:
        clock.sleep(0.01)       # raw threads cannot be joined
    return condition()


@contextlib.contextmanager
def wait_threads_exit():
    """As many raw threads at the end as at the beginning, or AssertionError."""
    before = _running.count
    yield
    assert _wait_until(lambda: _running.count <= before), 'threads did not end'


def threading_setup():
    """What `threading_cleanup` compares with."""
    return (threads.active_count(),)


def threading_cleanup(before):
    """No more threads than at `threading_setup`, or AssertionError."""
    assert _wait_until(lambda: threads.active_count() <= before), threads.enumerate()


def reap_children():
    """The lock tests start no processes."""


def gc_collect(reference):
    """Collect garbage until the weak reference `reference` is dead, or it is time."""
    def dead():
        gc.collect()
        return reference() is None

    _wait_until(dead)


class TestCase(unittest.TestCase):
    """unittest.TestCase with the names of Python 3."""

    if not hasattr(unittest.TestCase, 'assertRegex'):
        assertRegex = unittest.TestCase.assertRegexpMatches

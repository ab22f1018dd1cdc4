"""CPython 3.8's own tests of its locks, run against `compat.threads`.

The classes are those of 3.8's Lib/test/test_threading.py.
"""
from __future__ import absolute_import, division, print_function

import weakref

import pytest

from portable_server.compat import threads
from tests.compat import cpython38_lock_tests as lock_tests
from tests.compat import cpython_support as support

pytestmark = pytest.mark.lock_watch_off(why='tests of locks take them in every wrong way')


class LockTests(lock_tests.LockTests):
    locktype = staticmethod(threads.Lock)


class RLockTests(lock_tests.RLockTests):
    locktype = staticmethod(threads.RLock)


class EventTests(lock_tests.EventTests):
    eventtype = staticmethod(threads.Event)


class ConditionAsRLockTests(lock_tests.RLockTests):
    # Condition uses an RLock by default and exports its API.
    locktype = staticmethod(threads.Condition)


class ConditionTests(lock_tests.ConditionTests):
    condtype = staticmethod(threads.Condition)


class SemaphoreTests(lock_tests.SemaphoreTests):
    semtype = staticmethod(threads.Semaphore)


class BoundedSemaphoreTests(lock_tests.BoundedSemaphoreTests):
    semtype = staticmethod(threads.BoundedSemaphore)


class BarrierTests(lock_tests.BarrierTests):
    barriertype = staticmethod(threads.Barrier)


def test_garbage_is_collected():
    lock = threads.Lock()
    reference = weakref.ref(lock)
    del lock
    support.gc_collect(reference)
    assert reference() is None

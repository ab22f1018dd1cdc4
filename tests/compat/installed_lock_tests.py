"""CPython's own tests of locks, as they are installed on this machine, against `compat.threads`.

    python -m tests.compat.installed_lock_tests [FILE]

Without FILE it is the copy of this interpreter (`test.lock_tests`), which finds its helpers in
`test.support`.  With FILE it is that of CPython 3.8, for those that have none or an old one (2.7,
PyPy, Jython).  It is changed in memory where it needs what they have not:

- `threading`, `_thread`, `time.monotonic` and `test.support` come from here;
- the test cases get `assertRegex` from their base;
- Jython's `re` has "nothing to repeat" in "(.*)?", and lists of 2.7 have no `clear`;
- a lock is garbage at the last reference on CPython only: elsewhere it is collected first;
- `test_reset_internal_locks` asks for a private attribute of Event, and is left out.

tests/host/test_installed_lock_tests.py runs it on every interpreter.
"""
from __future__ import absolute_import, division, print_function

import contextlib
import gc
import io
import sys
import types
import unittest

from portable_server.compat import clock, threads

#: what is replaced in the file of 3.8
_CHANGES = (
    ('from _thread import start_new_thread, TIMEOUT_MAX\n', ''),
    ('import threading\n', ''),
    ('import time\n', ''),
    ('from test import support\n', ''),
    ('unittest.TestCase', 'TestCase'),
    ('object (.*)?at', 'object .*at'),
    ('ready.clear()', 'del ready[:]'),
    ('self.assertIsNone(ref())', 'support.collect(ref)'),
    ('def test_reset_internal_locks', 'def left_out'),
)
#: attribute of a test class that says what it tests, and the classes of the file
_TESTED = (
    ('LockTests', 'locktype', threads.Lock),
    ('RLockTests', 'locktype', threads.RLock),
    ('RLockTests', 'locktype', threads.Condition),      # one without a lock has an RLock's
    ('EventTests', 'eventtype', threads.Event),
    ('ConditionTests', 'condtype', threads.Condition),
    ('SemaphoreTests', 'semtype', threads.Semaphore),
    ('BoundedSemaphoreTests', 'semtype', threads.BoundedSemaphore),
    ('BarrierTests', 'barriertype', threads.Barrier),
)
#: asks for a private method of RLock, which a Condition need not have
_RLOCK_ALONE = 'test_recursion_count'


def _until(condition):
    deadline = clock.monotonic() + 30
    while not condition() and clock.monotonic() < deadline:
        clock.sleep(0.001)      # raw threads cannot be joined
    assert condition()


class _Support(object):
    """What the file of 3.8 takes from `test.support`."""

    def __init__(self):
        self._lock, self._running = threads.Lock(), 0

    def _count(self, number):
        with self._lock:
            self._running += number

    def start_new_thread(self, function, arguments):
        def counted():
            try:
                function(*arguments)
            finally:
                self._count(-1)

        self._count(1)
        return threads.start_new_thread(counted, ())

    @contextlib.contextmanager
    def wait_threads_exit(self):
        before = self._running
        yield
        _until(lambda: self._running <= before)

    def threading_setup(self):
        return (threads.active_count(),)

    def threading_cleanup(self, before):
        _until(lambda: threads.active_count() <= before)

    def reap_children(self):
        pass

    def collect(self, reference):
        _until(lambda: gc.collect() is None or reference() is None)


class _TestCase(unittest.TestCase):
    if not hasattr(unittest.TestCase, 'assertRegex'):
        assertRegex = unittest.TestCase.assertRegexpMatches


class _Time(object):
    monotonic, sleep = staticmethod(clock.monotonic), staticmethod(clock.sleep)


def _changed(path):
    """The module made of the file of CPython 3.8."""
    with io.open(path, encoding='utf-8') as file:
        text = file.read()
    for old, new in _CHANGES:
        if old not in text:
            raise ValueError('%s is not the file of CPython 3.8: no %r' % (path, old))
        text = text.replace(old, new)
    module, support = types.ModuleType('lock_tests'), _Support()
    vars(module).update(threading=threads, TIMEOUT_MAX=threads.TIMEOUT_MAX, support=support,
                        start_new_thread=support.start_new_thread, time=_Time,
                        TestCase=_TestCase)
    exec(compile(text, str(path), 'exec'), vars(module))
    return module


def _suite(module):
    suite = unittest.TestSuite()
    for name, attribute, tested in _TESTED:
        case = type(name, (getattr(module, name),), {attribute: staticmethod(tested)})
        for test in unittest.defaultTestLoader.loadTestsFromTestCase(case):
            if tested is not threads.Condition or not test.id().endswith(_RLOCK_ALONE):
                suite.addTest(test)
    return suite


def _main(arguments):
    if arguments:
        module = _changed(arguments[0])
    else:
        from test import lock_tests as module
    result = unittest.TextTestRunner(stream=sys.stdout).run(_suite(module))
    return not result.wasSuccessful()


if __name__ == '__main__':
    sys.exit(_main(sys.argv[1:]))

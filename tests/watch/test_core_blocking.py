"""Rule 2: a thread does not wait while it holds a lock."""
from __future__ import absolute_import, division, print_function

import threading
import time

import pytest

from portable_server.compat import selectors, threads
from portable_server.litmus import watch
from tests import support
from tests.watch.watching import (
    LIMIT, MODULES, Clock, functions, installed, kinds, operations, two_locks)

try:
    import queue
except ImportError:
    import Queue as queue


def _started():
    thread = threads.Thread(target=int)
    thread.start()
    return thread


def _put(module):
    full = module.Queue(1)
    full.put(1, timeout=0.001)


def _got(module):
    some = module.Queue()
    some.put(1)
    some.get()


def _joined(module):
    thread = module.Thread(target=int)
    thread.start()
    thread.join(LIMIT)


def _select():
    with selectors.DefaultSelector() as selector:
        selector.select(0.001)


WAITS = [
    ('time.sleep', lambda: time.sleep(0.001)),
    ('Thread.join', lambda: _joined(threads)),
    ('Thread.join', lambda: _joined(threading)),
    ('Event.wait', lambda: threads.Event().wait(0.001)),
    ('Event.wait', lambda: threading.Event().wait(0.001)),
    ('Barrier.wait', lambda: threads.Barrier(1).wait(LIMIT)),
    ('Semaphore.acquire', lambda: threads.Semaphore().acquire()),
    ('Semaphore.acquire', lambda: threading.Semaphore().__enter__()),
    ('Semaphore.acquire', lambda: threads.BoundedSemaphore().acquire(True, LIMIT)),
    ('Queue.get', lambda: _got(threads)),
    ('Queue.get', lambda: _got(queue)),
    ('Queue.put', lambda: _put(threads)),
    ('Queue.put', lambda: _put(queue)),
    ('Selector.select', _select),
]
DOES_NOT_WAIT = [
    lambda: time.sleep(0),
    lambda: threads.Event().wait(0),
    lambda: threads.Event().set(),
    lambda: threads.Semaphore().acquire(False),
    lambda: threads.Queue().put(1),
    lambda: threads.Queue().put_nowait(1),
    lambda: queue.Queue(1).put(1, False),
    lambda: pytest.raises(queue.Empty, queue.Queue().get_nowait),
    lambda: pytest.raises(queue.Empty, threads.Queue().get, block=False),
    lambda: threads.Lock().acquire(False),
]


@pytest.mark.parametrize('number', range(len(WAITS)))
def test_a_call_that_may_wait_is_a_violation_under_a_lock(number):
    operation, wait = WAITS[number]
    with installed() as session:
        with watch.name(threads.Lock(), 'room'):
            wait()
        wait()
    assert operations(session) == [operation]
    report, = session.reports
    assert (report.kind, report.lock) == ('blocked-while-holding', 'room')
    assert 'test_a_call_that_may_wait_is_a_violation_under_a_lock' == functions(
        report.acquired)[-1]
    assert report.thread == threads.current_thread().name


@pytest.mark.parametrize('number', range(len(WAITS)))
def test_mode_raise_raises_before_it_waits(number):
    operation, wait = WAITS[number]
    with installed('raise') as session:
        lock = threads.Lock()
        with pytest.raises(watch.Violation) as raised:
            with lock:
                wait()
        assert raised.value.report.operation == operation
        assert lock.acquire(False)
        lock.release()
    assert session.reports == [raised.value.report]


@pytest.mark.parametrize('number', range(len(DOES_NOT_WAIT)))
def test_a_call_that_cannot_wait_is_none(number):
    with installed('raise') as session:
        with threads.Lock():
            DOES_NOT_WAIT[number]()
    assert session.reports == []


def test_both_stacks_name_their_functions():
    def take():
        lock.acquire()

    def wait():
        time.sleep(0.001)

    with installed() as session:
        lock = threads.Lock()
        take()
        wait()
        lock.release()
    report, = session.reports
    here = 'test_both_stacks_name_their_functions'
    assert functions(report.acquired)[-2:] == [here, 'take']
    assert functions(report.violated)[-2:] == [here, 'wait']
    assert report.acquired[-1][0].replace('$py.class', '.py').endswith('test_core_blocking.py')
    for part in ('in take', 'in wait', 'time.sleep', report.thread, report.lock):
        assert part in str(report)


def test_a_place_is_reported_once():
    with installed() as session:
        for _ in range(3):
            with threads.Lock():
                time.sleep(0.001)
        assert len(session.reports) == 1
        assert len(session.take()) == 1 and session.take() == []
        with threads.Lock():
            time.sleep(0.001)
        assert len(session.take()) == 1
        assert len(session.reports) == 2


def test_all_locks_held_are_named():
    with installed() as session:
        first, second = two_locks()
        with first:
            with second:
                time.sleep(0.001)
    report, = session.reports
    assert report.lock == 'b'
    assert [name for name, _ in report.others] == ['a']


@pytest.mark.parametrize('module', MODULES)
def test_a_condition_waits_legally_with_its_own_lock_alone(module):
    with installed('raise') as session:
        for condition in (module.Condition(), module.Condition(module.Lock()),
                          module.Condition(module.RLock())):
            with condition:
                condition.wait(0.001)
                condition.notify_all()
            with pytest.raises(RuntimeError):
                condition.wait(0.001)
    assert session.reports == []


@pytest.mark.parametrize('module', MODULES)
def test_a_condition_wait_with_another_lock_is_a_violation(module):
    with installed() as session:
        other, condition = watch.name(module.Lock(), 'other'), module.Condition()
        watch.name(condition, 'own')
        with other:
            with condition:
                condition.wait(0.001)
                condition.wait(0)
    report, = session.reports
    assert (report.kind, report.operation, report.lock, report.others) == (
        'blocked-while-holding', 'Condition.wait', 'other', [])


def test_a_thread_may_be_started_under_a_lock():
    with installed('raise'):
        with threads.Lock():
            thread = _started()
        with threading.Lock():
            other = threading.Thread(target=int)
            other.start()
        thread.join(LIMIT)
        other.join(LIMIT)


@pytest.mark.parametrize('module', MODULES)
def test_a_lock_taken_again_by_its_holder(module):
    with installed('raise') as session:
        lock = watch.name(module.Lock(), 'own')
        with lock:
            with pytest.raises(watch.Violation):
                lock.acquire()
        assert lock.acquire(False)
        lock.release()
    report, = session.reports
    assert (report.kind, report.lock, report.operation) == (
        'blocked-while-holding', 'own', 'Lock.acquire')


def test_an_rlock_taken_again_by_its_holder_is_legal():
    with installed('raise'):
        lock = threads.RLock()
        with lock:
            with lock:
                assert lock.acquire() and lock.acquire(False)
                lock.release()
                lock.release()
        assert support.run_in_thread(lambda: lock.acquire(False) and lock.release() is None)


@pytest.mark.parametrize('mode', ['report', 'raise'])
def test_a_second_lock_waited_for_longer_than_the_limit(mode):
    clock = Clock()
    with watch.installed(mode, 0.02, clock) as session:
        first, second = two_locks()
        held, done = threads.Event(), threads.Event()

        def other():
            with second:
                held.set()
                with watch.allow('test', why='the other thread has to wait'):
                    while not session.reports:
                        clock.pass_(0.01)       # while the main thread waits
                        done.wait(0.001)
        result = support.start(other)
        assert held.wait(LIMIT)
        with watch.allow('clock', why='it is turned', kinds='held-too-long'), first:
            try:
                taken = second.acquire(timeout=LIMIT)
            except watch.Violation:
                taken = False
            if taken:
                second.release()
        result()
        assert taken is (mode == 'report')
        assert second.acquire(False) and first.acquire(False)
        first.release()
        second.release()
    found = [report for report in session.reports if report.operation == 'Lock.acquire']
    assert [(report.kind, report.lock) for report in found] == [('blocked-while-holding', 'a')]
    assert found[0].others[0][0] == 'b'


def test_a_second_lock_waited_for_shortly_is_legal():
    with installed('raise') as session:
        first, second = two_locks()
        held, go = threads.Event(), threads.Event()

        def other():
            with second:
                held.set()
                with watch.allow('test', why='the test needs an order'):
                    go.wait(LIMIT)
        result = support.start(other)
        assert held.wait(LIMIT)
        go_later = support.start(go.set)
        with first:
            with second:
                pass
        result()
        go_later()
    assert session.reports == []

"""The order in which locks are taken, from one thread, in sequence."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import threads
from portable_server.litmus import watch
from tests import support
from tests.watch.watching import MODULES, functions, installed, kinds, two_locks


def _nest(*locks):
    """Take the locks in this order and give them back."""
    if locks:
        with locks[0]:
            _nest(*locks[1:])


@pytest.mark.parametrize('module', MODULES)
def test_a_b_then_b_a_is_reported_without_a_deadlock(module):
    with installed() as session:
        first, second = two_locks(module)
        _nest(first, second)
        assert session.reports == []
        _nest(second, first)
    report, = session.reports
    assert (report.kind, report.lock, report.operation) == ('lock-order', 'a', 'Lock.acquire')
    assert [name for name, _ in report.others] == ['a', 'b']
    assert functions(report.violated)[-1] == '_nest' and functions(report.acquired)[-1] == '_nest'
    assert all(functions(stack)[-1] == '_nest' for _, stack in report.others)


def test_a_ring_of_three():
    with installed() as session:
        locks = [watch.name(threads.Lock(), title) for title in 'abc']
        _nest(locks[0], locks[1])
        _nest(locks[1], locks[2])
        _nest(locks[2], locks[0])
    assert kinds(session) == ['lock-order']
    assert session.reports[0].lock == 'a'


def test_a_consistent_order_is_legal():
    with installed('raise') as session:
        locks = [watch.name(threads.Lock(), title) for title in 'abc']
        for order in ('abc', 'ab', 'ac', 'bc', 'c'):
            _nest(*[locks['abc'.index(title)] for title in order])
    assert session.reports == []


def test_each_direction_by_a_thread_of_its_own():
    with installed() as session:
        first, second = two_locks()
        support.run_in_thread(lambda: _nest(first, second))
        support.run_in_thread(lambda: _nest(second, first))
    assert kinds(session) == ['lock-order']


def test_mode_raise_raises_before_the_second_is_taken():
    with installed('raise'):
        first, second = two_locks()
        _nest(first, second)
        for _ in range(2):
            with pytest.raises(watch.Violation) as raised:
                _nest(second, first)
            assert raised.value.report.kind == 'lock-order'
            _nest(first, second)        # and both are free again


def test_a_try_adds_no_order_before_it():
    with installed('raise') as session:
        first, second = two_locks()
        _nest(first, second)
        with second:
            assert first.acquire(False)
            first.release()
    assert session.reports == []


def test_what_is_taken_after_a_try_is_ordered():
    with installed() as session:
        first, second = two_locks()
        assert first.acquire(False)
        with second:
            first.release()
        _nest(second, first)
    assert kinds(session) == ['lock-order']


def test_hand_over_hand_keeps_the_order():
    with installed() as session:
        locks = [watch.name(threads.Lock(), title) for title in 'abc']
        locks[0].acquire()
        locks[1].acquire()
        locks[0].release()      # not the newest first
        locks[2].acquire()
        locks[1].release()
        locks[2].release()
        _nest(locks[2], locks[1])
    assert kinds(session) == ['lock-order']


def test_locks_made_in_one_line_are_distinguished():
    with installed() as session:
        first, second = threads.Lock(), threads.Lock()
        _nest(first, second)
        _nest(second, first)
    assert kinds(session) == ['lock-order']


def test_locks_made_by_one_call_are_a_class():
    with installed() as session:
        first, second = [threads.Lock() for _ in range(2)]
        _nest(first, second)
    assert kinds(session) == ['same-class-nesting']


def test_instances_of_a_class_nest_in_ascending_rank():
    with installed() as session:
        low, high = [watch.name(threads.Lock(), 'account', rank) for rank in (1, 2)]
        _nest(low, high)
        assert session.reports == []
        _nest(high, low)
        _nest(low, watch.name(threads.Lock(), 'account'))
    assert set(kinds(session)) == set(['same-class-nesting'])


def test_a_declared_order_is_checked_at_once():
    watch.order('test room', 'test outbox', 'test log')
    with installed() as session:
        room, log = [watch.name(threads.Lock(), 'test ' + title) for title in ('room', 'log')]
        _nest(log, room)
    assert kinds(session) == ['lock-order']
    assert 'declared' in session.reports[0].message


def test_a_condition_is_named_by_its_lock():
    with installed() as session:
        condition = watch.name(threads.Condition(), 'c')
        lock = watch.name(threads.Lock(), 'l')
        _nest(condition, lock)
        _nest(lock, condition)
    assert session.reports[0].lock == 'c'
    assert kinds(session) == ['lock-order']


def test_levels_of_an_rlock_are_no_order():
    with installed('raise'):
        outer, inner = watch.name(threads.RLock(), 'o'), watch.name(threads.RLock(), 'i')
        _nest(outer, inner, outer, inner)
        _nest(outer, inner)

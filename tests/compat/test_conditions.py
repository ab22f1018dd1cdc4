"""What Condition promises (library/threading, "Condition objects")."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import clock, threads
from tests import support
from tests.compat.kit import LIMIT, SHORT, a_moment, another_gets, lasts, new, not_watched, results
from tests.support import run_in_thread, timed, until

pytestmark = not_watched
over_each_lock = pytest.mark.parametrize('kind', ['Lock', 'RLock'])


class _Row(object):
    """Threads that wait for a condition; `woken` grows with each that is notified.

    All of them wait once `with condition:` is entered after the making: they had the lock.
    """

    def __init__(self, condition, number, timeout=LIMIT):
        self._condition, self._timeout = condition, timeout
        self.ready, self.woken = threads.Semaphore(0), []
        self._calls = [support.start(self._wait) for _ in range(number)]
        for _ in range(number):
            assert self.ready.acquire(timeout=LIMIT)

    def _wait(self):
        with self._condition:
            self.ready.release()
            self.woken.append(self._condition.wait(self._timeout))

    def end(self):
        """list: what `wait` returned, for all of the threads."""
        results(self._calls)
        return self.woken


# Its lock.

def test_the_lock_given_is_its_own():
    for lock in (threads.Lock(), threads.RLock()):
        condition = threads.Condition(lock)
        with condition:
            assert another_gets(lock) is False
        with lock:
            assert another_gets(condition) is False
        assert another_gets(condition) is True


def test_without_one_it_has_an_rlock_of_its_own():
    condition, other = threads.Condition(), threads.Condition()
    assert condition.acquire() is True
    assert condition.acquire(False) is True
    assert condition.release() is None
    assert another_gets(condition) is False
    assert another_gets(other) is True
    condition.release()
    assert another_gets(condition) is True


@over_each_lock
def test_acquire_is_that_of_the_lock(kind):
    condition = threads.Condition(new(kind))
    assert condition.acquire(True, 1) is True
    assert run_in_thread(lambda: condition.acquire(blocking=False)) is False
    assert run_in_thread(lambda: lasts(lambda: condition.acquire(timeout=SHORT))) is False


@over_each_lock
def test_with_holds_the_lock_for_the_block(kind):
    condition = threads.Condition(new(kind))
    with condition:
        assert another_gets(condition) is False
    with pytest.raises(KeyError):
        with condition:
            raise KeyError
    assert another_gets(condition) is True


@over_each_lock
@pytest.mark.parametrize('method', ['wait', 'notify', 'notify_all'])
def test_what_needs_the_lock_is_a_runtime_error_without_it(kind, method):
    condition = threads.Condition(new(kind))
    with pytest.raises(RuntimeError):
        getattr(condition, method)()
    with condition:
        pass
    with pytest.raises(RuntimeError):
        getattr(condition, method)()
    assert another_gets(condition) is True


@pytest.mark.parametrize('method', ['wait', 'notify', 'notify_all'])
def test_the_lock_of_another_thread_does_not_do(method):
    condition = threads.Condition()
    with condition:
        with pytest.raises(RuntimeError):
            run_in_thread(getattr(condition, method))


@over_each_lock
def test_release_of_an_unheld_condition_is_a_runtime_error(kind):
    condition = threads.Condition(new(kind))
    with pytest.raises(RuntimeError):
        condition.release()
    assert another_gets(condition) is True


def test_wait_for_needs_the_lock_when_it_waits():
    with pytest.raises(RuntimeError):
        threads.Condition().wait_for(lambda: False, 0.01)


# wait

@over_each_lock
def test_wait_frees_the_lock_and_has_it_again(kind):
    condition = threads.Condition(new(kind))
    seen = []

    def wait():
        with condition:
            ready.set()
            seen.append(condition.wait(LIMIT))
            seen.append(another_gets(condition))

    ready = threads.Event()
    call = support.start(wait)
    assert ready.wait(LIMIT)
    assert condition.acquire(timeout=LIMIT) is True
    condition.notify()
    condition.release()
    call()
    assert seen == [True, False]
    assert another_gets(condition) is True


@over_each_lock
def test_wait_has_the_lock_again_after_a_time_out(kind):
    condition = threads.Condition(new(kind))
    with condition:
        assert condition.wait(0.01) is False
        assert another_gets(condition) is False
    assert another_gets(condition) is True


def test_wait_gives_up_all_levels_of_an_rlock_and_takes_them_again():
    condition = threads.Condition()

    def notify():
        with condition:
            condition.notify()

    with condition, condition:
        with condition:
            call = support.start(notify)
            assert condition.wait(LIMIT) is True
        assert another_gets(condition) is False
        condition.release()
        assert another_gets(condition) is False
        condition.acquire()
    call()
    assert another_gets(condition) is True


def test_a_time_out_restores_all_levels_of_an_rlock():
    condition = threads.Condition()
    with condition:
        with condition:
            assert condition.wait(0.01) is False
        assert another_gets(condition) is False
    assert another_gets(condition) is True


@over_each_lock
def test_the_time_out_of_wait_is_waited_for(kind):
    condition = threads.Condition(new(kind))
    with condition:
        assert lasts(lambda: condition.wait(SHORT)) is False
        assert lasts(lambda: condition.wait(timeout=SHORT)) is False


@pytest.mark.parametrize('timeout', [0, -1])
def test_wait_does_not_wait_when_no_time_is_given(timeout):
    condition = threads.Condition()
    with condition:
        result, elapsed = timed(lambda: condition.wait(timeout))
    assert result is False
    assert elapsed < LIMIT / 2


def test_a_notification_ends_a_wait_with_a_time_out_at_once():
    condition = threads.Condition()
    row, started = _Row(condition, 1), clock.monotonic()
    with condition:
        condition.notify()
    assert row.end() == [True]
    assert clock.monotonic() - started < LIMIT / 2


def test_wait_without_a_time_out_waits_for_the_notification():
    condition = threads.Condition()
    row = _Row(condition, 1, timeout=None)
    a_moment()
    assert row.woken == []
    with condition:
        condition.notify()
    assert row.end() == [True]


# notify

def test_notify_wakes_one_by_default():
    condition = threads.Condition()
    row = _Row(condition, 3)
    for number in (1, 2, 3):
        with condition:
            assert condition.notify() is None
        until(lambda: len(row.woken) >= number)
        a_moment()
        assert len(row.woken) == number
    assert row.end() == [True] * 3


@pytest.mark.parametrize('number', [0, 1, 2, 3])
def test_notify_wakes_so_many(number):
    condition = threads.Condition()
    row = _Row(condition, 5)
    with condition:
        condition.notify(number)
    until(lambda: len(row.woken) >= number)
    a_moment()
    with condition:
        assert len(row.woken) == number
        condition.notify(n=5)
    assert row.end() == [True] * 5


@over_each_lock
def test_notify_all_wakes_all(kind):
    condition = threads.Condition(new(kind))
    row = _Row(condition, 4)
    with condition:
        assert condition.notify_all() is None
    assert row.end() == [True] * 4


@pytest.mark.parametrize('notify', [
    lambda condition: condition.notify(), lambda condition: condition.notify(3),
    lambda condition: condition.notify_all()], ids=['notify', 'notify-3', 'notify-all'])
def test_a_notification_is_not_kept_for_who_comes_later(notify):
    condition = threads.Condition()
    with condition:
        notify(condition)
        assert condition.wait(0.02) is False


def test_one_that_gave_up_takes_no_notification():
    condition = threads.Condition()
    with condition:
        assert condition.wait(0.01) is False
    row = _Row(condition, 1)
    with condition:
        condition.notify()
    until(lambda: row.woken)
    assert row.end() == [True]


@over_each_lock
def test_the_notifier_keeps_the_lock_until_it_leaves(kind):
    condition = threads.Condition(new(kind))
    row = _Row(condition, 2)
    with condition:
        condition.notify()
        condition.notify_all()
        assert another_gets(condition) is False
        a_moment()
        assert row.woken == []
    assert row.end() == [True] * 2


def test_conditions_over_one_lock_are_notified_apart():
    lock = threads.Lock()
    here, there = threads.Condition(lock), threads.Condition(lock)
    one, other = _Row(here, 2), _Row(there, 2)
    with lock:
        here.notify(5)
    assert one.end() == [True] * 2
    a_moment()
    assert other.woken == []
    with lock:
        there.notify_all()
    assert other.end() == [True] * 2

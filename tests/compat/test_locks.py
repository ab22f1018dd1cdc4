"""What `compat.threads` promises of locks, on every interpreter (LITMUS 28 to 38)."""
from __future__ import absolute_import, division, print_function

import threading

import pytest

from portable_server.compat import clock, threads
from tests import support
from tests.support import run_in_thread, timed, until

pytestmark = pytest.mark.lock_watch_off(why='tests of locks take them in every wrong way')
LOCKS = [threads.Lock, threads.RLock]
_LIMIT = 10.0       # seconds that no wait of these tests should ever need


def test_a_lock_is_not_reentrant():
    lock = threads.Lock()
    assert lock.acquire() is True
    assert lock.acquire(False) is False
    assert lock.acquire(blocking=False) is False
    lock.release()


def test_an_rlock_is_reentrant():
    lock = threads.RLock()
    assert lock.acquire() and lock.acquire(False) and lock.acquire(timeout=1)
    lock.release()
    lock.release()
    assert run_in_thread(lambda: lock.acquire(False)) is False
    lock.release()
    assert run_in_thread(lambda: lock.acquire(False)) is True


def test_a_lock_may_be_released_by_another_thread():
    lock = threads.Lock()
    lock.acquire()
    run_in_thread(lock.release)
    assert not lock.locked()
    assert lock.acquire(False)


@pytest.mark.parametrize('new', LOCKS + [threads.Condition])
def test_release_of_an_unheld_lock_is_a_runtime_error(new):
    lock = new()
    with pytest.raises(RuntimeError):
        lock.release()
    with lock:
        pass
    with pytest.raises(RuntimeError):
        lock.release()
    assert lock.acquire(False)      # and two failed releases gave nothing away


def test_only_its_owner_releases_an_rlock():
    lock = threads.RLock()
    lock.acquire()
    with pytest.raises(RuntimeError):
        run_in_thread(lock.release)
    lock.release()


@pytest.mark.parametrize('new', LOCKS)
def test_a_time_out_is_waited_for(new):
    lock = new()
    lock.acquire()
    result, elapsed = run_in_thread(lambda: timed(lambda: lock.acquire(timeout=0.2)))
    assert result is False
    assert 0.2 * 0.95 <= elapsed <= 0.2 * 10    # 10 ms grace; compat itself needs none
    lock.release()


@pytest.mark.parametrize('new', LOCKS)
def test_the_main_thread_waits_for_a_time_out(new):
    lock = new()
    run_in_thread(lock.acquire)
    result, elapsed = timed(lambda: lock.acquire(True, 0.1))
    assert result is False
    assert 0.1 * 0.95 <= elapsed <= 0.1 * 10


@pytest.mark.parametrize('new', LOCKS)
@pytest.mark.parametrize('positional, keywords, error', [
    ((False, 1), {}, ValueError),
    ((), {'blocking': False, 'timeout': 1}, ValueError),
    ((), {'timeout': -2}, ValueError),
    ((), {'timeout': float('nan')}, (ValueError, OverflowError)),     # PyPy's is the second
    ((), {'timeout': 1e100}, OverflowError),
    ((), {'timeout': threads.TIMEOUT_MAX * 2}, OverflowError),
    ((), {'timeout': None}, TypeError),
    ((), {'timeout': '1'}, TypeError),
])
def test_wrong_arguments_are_refused(new, positional, keywords, error):
    lock = new()
    with pytest.raises(error):
        lock.acquire(*positional, **keywords)
    assert lock.acquire(timeout=0)      # still free


@pytest.mark.parametrize('new', LOCKS)
def test_a_waiter_with_a_time_out_gets_the_lock_when_it_is_released(new):
    lock, waiting = new(), threads.Event()

    def take():
        waiting.set()
        return timed(lambda: lock.acquire(timeout=_LIMIT))

    lock.acquire()
    result = support.start(take)
    assert waiting.wait(_LIMIT)
    lock.release()
    taken, elapsed = result()
    assert taken is True
    assert elapsed < _LIMIT / 2


def test_many_waiters_with_and_without_time_out_all_get_the_lock():
    lock, inside, order = threads.Lock(), [], []

    def work(number):
        for turn in range(25):
            assert lock.acquire(timeout=_LIMIT) if number % 2 else lock.acquire()
            inside.append(number)
            order.append(len(inside))
            inside.pop()
            lock.release()

    support.run_all([lambda number=number: work(number) for number in range(6)])
    assert order == [1] * 150


def test_waiters_that_give_up_lose_no_wakeup():
    """Time-outs that end just when the lock comes free must not strand the others."""
    lock, taken = threads.Lock(), []

    def impatient():
        for turn in range(30):
            if lock.acquire(timeout=0.001):
                clock.sleep(0.001)      # hold it about as long as others wait
                lock.release()

    def patient():
        for turn in range(10):
            assert lock.acquire(timeout=_LIMIT)
            taken.append(turn)
            lock.release()

    support.run_all([impatient] * 3 + [patient] * 3)
    assert len(taken) == 30


def test_a_condition_needs_its_lock():
    for condition in (threads.Condition(), threads.Condition(threads.Lock())):
        for call in (condition.wait, condition.notify, condition.notify_all):
            with pytest.raises(RuntimeError):
                call()


def test_wait_says_whether_it_was_notified():
    condition = threads.Condition()
    with condition:
        assert condition.wait(0.01) is False
        assert condition.wait(0) is False
        assert condition.wait(-1) is False

    def notify():
        with condition:
            condition.notify()

    with condition:
        result = support.start(notify)
        assert condition.wait(_LIMIT) is True
    result()


def test_wait_gives_up_all_levels_of_an_rlock_and_takes_them_again():
    condition = threads.Condition()

    def notify():
        with condition:
            condition.notify()

    with condition:
        with condition:
            result = support.start(notify)
            assert condition.wait(_LIMIT)
        assert run_in_thread(lambda: condition.acquire(False)) is False
    result()
    assert run_in_thread(lambda: condition.acquire(False)) is True


@pytest.mark.parametrize('levels, new', [
    (3, threads.RLock), (3, threading.RLock), (3, threads.Condition), (1, threads.Lock),
    (1, threading.Lock), (1, lambda: threads.Condition(threads.Lock()))])
def test_wait_gives_up_all_levels_of_whatever_lock_it_is(levels, new):
    lock = new()
    condition = threads.Condition(lock)

    def notify():
        lock.acquire()
        condition.notify()
        lock.release()

    for _ in range(levels):
        lock.acquire()
    result = support.start(notify)
    assert condition.wait(_LIMIT)
    for _ in range(levels):
        lock.release()
    result()
    with pytest.raises(RuntimeError):
        condition.notify()


def test_notify_wakes_at_most_so_many():
    condition, ready, woken = threads.Condition(), threads.Semaphore(0), []

    def wait():
        with condition:
            ready.release()
            woken.append(condition.wait(_LIMIT))

    results = [support.start(wait) for number in range(5)]
    for number in range(5):
        assert ready.acquire(timeout=_LIMIT)
    with condition:     # got only once the last of them waits
        condition.notify(2)
    until(lambda: len(woken) >= 2)
    with condition:     # a third would have to come out before this one goes in
        assert len(condition._waiters) == 3
        condition.notify_all()
    for result in results:
        result()
    assert woken == [True] * 5


def test_wait_for_returns_the_predicate_s_value():
    condition, state = threads.Condition(), []

    def fill():
        for item in (1, 2, 3):
            with condition:
                state.append(item)
                condition.notify()

    result = support.start(fill)
    with condition:
        assert condition.wait_for(lambda: len(state) > 2 and 'full', _LIMIT) == 'full'
        assert condition.wait_for(lambda: 0, 0.01) == 0
    result()


def test_every_waiter_sees_an_event_that_is_cleared_at_once():
    event, ready = threads.Event(), threads.Semaphore(0)

    def wait():
        ready.release()
        return event.wait(_LIMIT)

    results = [support.start(wait) for number in range(4)]
    for number in range(4):
        assert ready.acquire(timeout=_LIMIT)
    waiting = getattr(event, '_cond', event)._waiters   # of CPython, and ours
    until(lambda: len(waiting) == 4)
    event.set()
    event.clear()
    assert [result() for result in results] == [True] * 4
    assert event.wait(0.01) is False


def test_a_lock_guards_a_counter():
    lock, counter = threads.Lock(), [0]

    def count():
        for turn in range(500):
            with lock:
                counter[0] += 1

    support.run_all([count] * 4)
    assert counter == [2000]

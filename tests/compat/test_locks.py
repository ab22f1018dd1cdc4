"""What Lock and RLock promise alike, and Lock alone (library/threading, "Lock objects")."""
from __future__ import absolute_import, division, print_function

import gc
import weakref

import pytest

from portable_server.compat import clock, threads
from tests import support
from tests.compat.kit import (LIMIT, SHORT, a_moment, another_gets, lasts, new, not_watched,
                              results, waiting)
from tests.support import run_in_thread, timed, until

pytestmark = not_watched
both = pytest.mark.parametrize('kind', ['Lock', 'RLock'])


@both
def test_a_new_one_is_free(kind):
    assert another_gets(new(kind)) is True


@both
@pytest.mark.parametrize('positional, keywords', [
    ((), {}), ((True,), {}), ((False,), {}), ((True, -1), {}), ((True, 1), {}),
    ((), {'blocking': False}), ((), {'timeout': 1}), ((), {'blocking': True, 'timeout': 0}),
])
def test_acquire_says_that_it_has_the_lock(kind, positional, keywords):
    lock = new(kind)
    assert lock.acquire(*positional, **keywords) is True
    assert another_gets(lock) is False


@both
def test_acquire_does_not_wait_without_blocking(kind):
    lock = new(kind)
    lock.acquire()
    for acquire in (lambda: lock.acquire(False), lambda: lock.acquire(blocking=False),
                    lambda: lock.acquire(timeout=0)):
        result, elapsed = run_in_thread(lambda: timed(acquire))
        assert result is False
        assert elapsed < LIMIT / 2


@both
@pytest.mark.parametrize('arguments', [(), (True,), (True, -1), (True, LIMIT)])
def test_acquire_waits_for_the_release(kind, arguments):
    lock = new(kind)

    def take():
        taken, elapsed = timed(lambda: lock.acquire(*arguments))
        return taken, elapsed < LIMIT / 2, another_gets(lock)

    lock.acquire()
    calls = waiting(take)
    lock.release()
    assert results(calls) == [(True, True, False)]


@both
def test_a_time_out_is_waited_for(kind):
    lock = new(kind)
    lock.acquire()
    assert run_in_thread(lambda: lasts(lambda: lock.acquire(timeout=SHORT))) is False


@both
def test_the_main_thread_waits_for_a_time_out(kind):
    lock = new(kind)
    run_in_thread(lock.acquire)
    assert lasts(lambda: lock.acquire(True, SHORT)) is False


@both
def test_a_lock_is_as_before_after_a_time_out(kind):
    lock = new(kind)
    lock.acquire()
    assert run_in_thread(lambda: lock.acquire(timeout=0.01)) is False
    assert another_gets(lock) is False
    lock.release()
    assert another_gets(lock) is True


@both
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
def test_wrong_arguments_are_refused(kind, positional, keywords, error):
    lock = new(kind)
    with pytest.raises(error):
        lock.acquire(*positional, **keywords)
    assert another_gets(lock)           # still free


@both
def test_the_longest_time_out_is_accepted(kind):
    assert new(kind).acquire(timeout=threads.TIMEOUT_MAX) is True


@both
def test_release_of_an_unheld_lock_is_a_runtime_error(kind):
    lock = new(kind)
    with pytest.raises(RuntimeError):
        lock.release()
    with lock:
        pass
    with pytest.raises(RuntimeError):
        lock.release()
    assert lock.acquire(False)
    assert another_gets(lock) is False      # two failed releases gave nothing away


@both
def test_release_returns_nothing(kind):
    lock = new(kind)
    lock.acquire()
    assert lock.release() is None
    assert another_gets(lock) is True


@both
def test_a_release_lets_exactly_one_waiter_in(kind):
    lock, inside, leave = new(kind), [], threads.Event()

    def work():
        lock.acquire()
        inside.append(True)
        leave.wait(LIMIT)
        lock.release()

    lock.acquire()
    calls = waiting(work, work, work)
    lock.release()
    until(lambda: inside)
    a_moment()
    assert len(inside) == 1
    leave.set()
    results(calls)
    assert len(inside) == 3


@both
def test_with_holds_it_for_the_block(kind):
    lock = new(kind)
    with lock:
        assert another_gets(lock) is False
    assert another_gets(lock) is True


@both
def test_with_waits_for_the_lock(kind):
    lock = new(kind)

    def enter():
        with lock:
            return another_gets(lock)

    lock.acquire()
    calls = waiting(enter)
    lock.release()
    assert results(calls) == [False]


@both
def test_an_exception_leaves_the_block_and_frees_it(kind):
    lock = new(kind)
    with pytest.raises(KeyError):
        with lock:
            raise KeyError
    assert another_gets(lock) is True


@both
def test_repr_tells_whether_it_is_held(kind):
    lock = new(kind)
    assert repr(lock).startswith('<unlocked ')
    lock.acquire()
    assert repr(lock).startswith('<locked ')


@pytest.mark.parametrize('kind', ['Lock', 'RLock', 'Condition', 'Event', 'Semaphore', 'Queue'])
def test_garbage_is_collected(kind):
    lock = new(kind)
    reference = weakref.ref(lock)
    assert reference() is lock
    del lock
    until(lambda: gc.collect() is None or reference() is None)


@both
def test_a_lock_guards_a_counter(kind):
    lock, counter = new(kind), [0]

    def count():
        for turn in range(500):
            with lock:
                counter[0] += 1

    support.run_all([count] * 4)
    assert counter == [2000]


@both
def test_many_waiters_with_and_without_time_out_all_get_the_lock(kind):
    lock, inside, order = new(kind), [], []

    def work(number):
        for turn in range(25):
            assert lock.acquire(timeout=LIMIT) if number % 2 else lock.acquire()
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
            assert lock.acquire(timeout=LIMIT)
            taken.append(turn)
            lock.release()

    support.run_all([impatient] * 3 + [patient] * 3)
    assert len(taken) == 30


def test_a_lock_is_not_reentrant():
    lock = threads.Lock()
    lock.acquire()
    assert lock.acquire(False) is False
    assert lock.acquire(timeout=0.01) is False
    lock.release()
    calls = waiting(lambda: lock.acquire() and lock.acquire())
    lock.release()
    assert results(calls) == [True]


def test_a_lock_may_be_released_by_another_thread():
    lock = threads.Lock()
    lock.acquire()
    run_in_thread(lock.release)
    assert not lock.locked()
    assert lock.acquire(False)


def test_locked_says_whether_a_lock_is_held():
    lock = threads.Lock()
    assert lock.locked() is False
    lock.acquire()
    assert lock.locked() is True
    assert run_in_thread(lock.locked) is True
    lock.release()
    assert lock.locked() is False

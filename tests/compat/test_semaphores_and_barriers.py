"""Semaphores and barriers of `compat.threads`, on every interpreter (LITMUS 28 to 38)."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import threads
from tests import support
from tests.support import timed, until

pytestmark = pytest.mark.lock_watch_off(why='tests of locks take them in every wrong way')
_LIMIT = 10.0       # seconds that no wait of these tests should ever need


def test_a_bounded_semaphore_does_not_overflow():
    semaphore = threads.BoundedSemaphore(2)
    with semaphore:
        assert semaphore.acquire(timeout=1)
        assert semaphore.acquire(False) is False
        semaphore.release()
    with pytest.raises(ValueError):
        semaphore.release()


@pytest.mark.parametrize('new', [threads.Semaphore, threads.BoundedSemaphore])
def test_a_semaphore_refuses_wrong_arguments(new):
    with pytest.raises(ValueError):
        new(-1)
    with pytest.raises(ValueError):
        new(1).acquire(False, timeout=1)


def test_a_semaphore_waits_for_its_time_out():
    result, elapsed = timed(lambda: threads.Semaphore(0).acquire(timeout=0.1))
    assert result is False
    assert 0.1 * 0.95 <= elapsed <= 0.1 * 10


def test_a_barrier_lets_all_through_together():
    barrier, actions = threads.Barrier(3, action=lambda: actions.append(1)), []
    for turn in (1, 2):
        indexes = support.run_all([lambda: barrier.wait(_LIMIT)] * 3)
        assert sorted(indexes) == [0, 1, 2]
        assert len(actions) == turn
    assert (barrier.parties, barrier.n_waiting, barrier.broken) == (3, 0, False)


def test_a_barrier_breaks_on_time_out_and_mends_on_reset():
    barrier = threads.Barrier(2, timeout=0.01)
    with pytest.raises(threads.BrokenBarrierError):
        barrier.wait()
    assert barrier.broken
    barrier.reset()
    assert not barrier.broken
    assert sorted(support.run_all([lambda: barrier.wait(_LIMIT)] * 2)) == [0, 1]


def test_abort_ends_the_waits_at_a_barrier():
    barrier = threads.Barrier(2)
    result = support.start(barrier.wait)
    until(lambda: barrier.n_waiting == 1)
    barrier.abort()
    with pytest.raises(threads.BrokenBarrierError):
        result()


def test_an_action_that_fails_breaks_the_barrier():
    barrier = threads.Barrier(1, action=lambda: 1 // 0)
    with pytest.raises(ZeroDivisionError):
        barrier.wait()
    assert barrier.broken

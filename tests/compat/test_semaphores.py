"""What Semaphore and BoundedSemaphore promise (library/threading, "Semaphore objects")."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import threads
from tests import support
from tests.compat.kit import LIMIT, SHORT, a_moment, lasts, new, not_watched, results, waiting
from tests.support import run_in_thread, timed, until

pytestmark = not_watched
both = pytest.mark.parametrize('kind', ['Semaphore', 'BoundedSemaphore'])


def _permits(semaphore):
    """int: how many can be had now; they are taken."""
    number = 0
    while number < 20 and semaphore.acquire(False):
        number += 1
    return number


def _empty(kind, permits=1):
    """A semaphore whose permits are all taken, so that even a bounded one takes them back."""
    semaphore = new(kind, permits)
    assert _permits(semaphore) == permits
    return semaphore


@both
def test_it_begins_with_its_value(kind):
    assert _permits(new(kind)) == 1
    assert _permits(new(kind, 7)) == 7
    assert _permits(new(kind, value=2)) == 2
    assert _permits(new(kind, 0)) == 0


@both
def test_a_negative_value_is_refused(kind):
    with pytest.raises(ValueError):
        new(kind, -1)


@both
@pytest.mark.parametrize('arguments', [(), (True,), (False,), (True, None), (True, 1)])
def test_acquire_takes_what_is_there_and_says_so(kind, arguments):
    semaphore = new(kind, 3)
    assert semaphore.acquire(*arguments) is True
    assert _permits(semaphore) == 2


@both
def test_acquire_does_not_wait_without_blocking(kind):
    semaphore = _empty(kind)
    for acquire in (lambda: semaphore.acquire(False), lambda: semaphore.acquire(blocking=False),
                    lambda: semaphore.acquire(timeout=0)):
        result, elapsed = timed(acquire)
        assert result is False
        assert elapsed < LIMIT / 2


@both
@pytest.mark.parametrize('arguments', [(), (True,), (True, None), (True, LIMIT)])
def test_acquire_waits_for_a_release(kind, arguments):
    semaphore = _empty(kind)
    calls = waiting(lambda: timed(lambda: semaphore.acquire(*arguments)))
    semaphore.release()
    (taken, elapsed), = results(calls)
    assert taken is True
    assert elapsed < LIMIT / 2
    assert _permits(semaphore) == 0


@both
def test_a_time_out_is_waited_for(kind):
    semaphore = _empty(kind)
    assert lasts(lambda: semaphore.acquire(timeout=SHORT)) is False
    assert lasts(lambda: semaphore.acquire(True, SHORT)) is False


@both
def test_one_that_gave_up_takes_nothing(kind):
    semaphore = _empty(kind)
    assert semaphore.acquire(timeout=0.01) is False
    assert semaphore.acquire(False) is False
    semaphore.release()
    assert _permits(semaphore) == 1


@both
def test_a_time_out_without_blocking_is_refused(kind):
    semaphore = new(kind)
    with pytest.raises(ValueError):
        semaphore.acquire(False, timeout=1)
    with pytest.raises(ValueError):
        semaphore.acquire(blocking=False, timeout=0.0)
    assert _permits(semaphore) == 1


@both
def test_release_gives_one_back(kind):
    semaphore = _empty(kind, 3)
    for number in (1, 2):
        for _ in range(number):
            assert semaphore.release() is None
        assert _permits(semaphore) == number


@both
def test_another_thread_may_release_it(kind):
    semaphore = _empty(kind)
    run_in_thread(semaphore.release)
    assert _permits(semaphore) == 1


@both
def test_each_release_lets_exactly_one_waiter_in(kind):
    semaphore, inside = _empty(kind, 4), []
    calls = waiting(*[lambda: inside.append(semaphore.acquire())] * 4)
    for number in (1, 2, 3, 4):
        semaphore.release()
        until(lambda: len(inside) >= number)
        a_moment()
        assert inside == [True] * number
    results(calls)
    assert _permits(semaphore) == 0


@both
def test_no_more_are_inside_than_it_permits(kind):
    semaphore, inside, seen = new(kind, 3), [], []

    def work():
        for turn in range(20):
            with semaphore:
                inside.append(turn)
                seen.append(len(inside))
                inside.pop()

    support.run_all([work] * 6)
    assert len(seen) == 120
    assert max(seen) <= 3
    assert _permits(semaphore) == 3


@both
def test_with_holds_a_permit_for_the_block(kind):
    semaphore = new(kind, 2)
    with semaphore:
        with semaphore:
            assert semaphore.acquire(False) is False
    with pytest.raises(KeyError):
        with semaphore:
            raise KeyError
    assert _permits(semaphore) == 2


@both
def test_with_waits_for_a_permit(kind):
    semaphore, inside = _empty(kind), []

    def enter():
        with semaphore:
            inside.append(True)

    calls = waiting(enter)
    assert inside == []
    semaphore.release()
    results(calls)
    assert inside == [True]


def test_a_semaphore_may_have_more_than_it_began_with():
    semaphore = threads.Semaphore(1)
    semaphore.release()
    semaphore.release()
    assert _permits(semaphore) == 3


@pytest.mark.parametrize('value', [0, 1, 2])
def test_a_bounded_semaphore_has_never_more_than_it_began_with(value):
    semaphore = threads.BoundedSemaphore(value)
    with pytest.raises(ValueError):
        semaphore.release()
    assert _permits(semaphore) == value
    for _ in range(value):
        semaphore.release()
    with pytest.raises(ValueError):
        semaphore.release()
    assert _permits(semaphore) == value

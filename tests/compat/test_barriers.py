"""What Barrier promises (library/threading, "Barrier objects")."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import threads
from portable_server.compat.threads import BrokenBarrierError
from tests import support
from tests.compat.kit import LIMIT, SHORT, Log, a_moment, lasts, not_watched, waiting
from tests.support import timed, until

pytestmark = not_watched


def _waits(barrier, number):
    """list: this many threads wait at the barrier; what gives the result of each."""
    calls = [support.start(barrier.wait) for _ in range(number)]
    until(lambda: barrier.n_waiting == number)
    return calls


def _pass(barrier):
    """list: what `wait` returned, sorted, for as many threads as it takes."""
    return sorted(support.run_all([lambda: barrier.wait(LIMIT)] * barrier.parties))


def _broken(calls):
    for call in calls:
        with pytest.raises(BrokenBarrierError):
            call()


def test_nobody_passes_before_all_are_there():
    barrier, passed = threads.Barrier(3), []
    calls = waiting(*[lambda: passed.append(barrier.wait(LIMIT))] * 2)
    assert passed == []
    barrier.wait(LIMIT)
    for call in calls:
        call()
    assert len(passed) == 2


def test_wait_gives_each_thread_another_number():
    barrier = threads.Barrier(5)
    for turn in range(3):
        assert _pass(barrier) == [0, 1, 2, 3, 4]


def test_one_party_never_waits():
    barrier = threads.Barrier(1)
    assert [barrier.wait(), barrier.wait(LIMIT)] == [0, 0]
    assert not barrier.broken


def test_the_same_threads_pass_it_again_and_again():
    barrier, log = threads.Barrier(3), Log()

    def work():
        for turn in range(20):
            log(turn)
            barrier.wait(LIMIT)

    support.run_all([work] * 3)
    assert log.entries == sorted(log.entries)       # none was a turn ahead
    assert len(log.entries) == 60


def test_the_action_is_called_once_for_each_passing():
    called = []
    barrier = threads.Barrier(3, action=lambda: called.append(True))
    assert called == []
    for turn in (1, 2):
        assert _pass(barrier) == [0, 1, 2]
        assert len(called) == turn


def test_the_action_ends_before_anybody_passes():
    def action():
        a_moment()
        log('action')

    def work():
        barrier.wait(LIMIT)
        log('passed')

    log, barrier = Log(), threads.Barrier(3, action)
    support.run_all([work] * 3)
    assert log.entries == [('action',)] + [('passed',)] * 3


def test_the_action_is_called_by_one_of_the_threads():
    def work():
        idents.append(threads.get_ident())
        barrier.wait(LIMIT)

    idents, callers = [], []
    barrier = threads.Barrier(2, lambda: callers.append(threads.get_ident()))
    support.run_all([work] * 2)
    assert len(callers) == 1
    assert callers[0] in idents


def test_an_action_that_fails_breaks_it():
    barrier = threads.Barrier(2, action=lambda: 1 // 0)
    calls = _waits(barrier, 1)
    with pytest.raises(ZeroDivisionError):
        barrier.wait(LIMIT)
    _broken(calls)
    assert barrier.broken is True


@pytest.mark.parametrize('make, arguments', [
    (lambda: threads.Barrier(2), (SHORT,)),
    (lambda: threads.Barrier(2, timeout=SHORT), ()),
    (lambda: threads.Barrier(2, None, SHORT), (None,)),
    (lambda: threads.Barrier(2, timeout=LIMIT), (SHORT,)),
], ids=['given', 'own', 'own-by-position', 'given-before-own'])
def test_a_time_out_is_waited_for_and_breaks_it(make, arguments):
    def wait():
        with pytest.raises(BrokenBarrierError):
            barrier.wait(*arguments)

    barrier = make()
    lasts(wait)
    assert barrier.broken is True


def test_a_longer_time_out_than_its_own_may_be_given():
    barrier = threads.Barrier(2, timeout=0.01)
    call = support.start(lambda: barrier.wait(LIMIT))
    until(lambda: barrier.n_waiting == 1)
    a_moment()
    assert barrier.wait() in (0, 1)
    call()


def test_the_time_out_of_one_sends_all_away():
    barrier = threads.Barrier(4)
    calls = _waits(barrier, 2)
    with pytest.raises(BrokenBarrierError):
        barrier.wait(0.01)
    _broken(calls)


@pytest.mark.parametrize('arguments', [(), (LIMIT,)])
def test_a_broken_one_sends_everybody_away_at_once(arguments):
    def wait():
        with pytest.raises(BrokenBarrierError):
            barrier.wait(*arguments)

    barrier = threads.Barrier(2)
    barrier.abort()
    for turn in range(3):
        assert timed(wait)[1] < LIMIT / 2
    assert barrier.broken is True
    assert barrier.n_waiting == 0


def test_abort_sends_away_who_waits():
    barrier = threads.Barrier(3)
    calls = _waits(barrier, 2)
    assert barrier.abort() is None
    _broken(calls)
    assert barrier.broken is True


def test_reset_sends_away_who_waits_and_leaves_it_whole():
    barrier = threads.Barrier(3)
    calls = _waits(barrier, 2)
    assert barrier.reset() is None
    _broken(calls)
    assert barrier.broken is False
    assert _pass(barrier) == [0, 1, 2]


def test_reset_mends_a_broken_one():
    barrier = threads.Barrier(2)
    for turn in range(2):
        barrier.abort()
        barrier.reset()
        assert barrier.broken is False
        assert _pass(barrier) == [0, 1]


def test_reset_of_an_empty_one_changes_nothing():
    barrier = threads.Barrier(2)
    barrier.reset()
    assert (barrier.n_waiting, barrier.broken) == (0, False)
    assert _pass(barrier) == [0, 1]


def test_it_tells_how_many_wait_and_how_many_it_takes():
    barrier = threads.Barrier(3)
    assert (barrier.parties, barrier.n_waiting, barrier.broken) == (3, 0, False)
    calls = []
    for number in (1, 2):
        calls.append(support.start(lambda: barrier.wait(LIMIT)))
        until(lambda: barrier.n_waiting == number)
        assert barrier.parties == 3
    barrier.wait(LIMIT)
    for call in calls:
        call()
    assert (barrier.parties, barrier.n_waiting, barrier.broken) == (3, 0, False)


def test_its_error_is_a_runtime_error():
    assert issubclass(BrokenBarrierError, RuntimeError)

"""What Event promises (library/threading, "Event objects")."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import threads
from tests import support
from tests.compat.kit import LIMIT, SHORT, lasts, not_watched, results, waiting
from tests.support import timed, until

pytestmark = not_watched


def test_a_new_event_is_not_set():
    event = threads.Event()
    assert event.is_set() is False
    assert event.wait(0) is False


def test_set_makes_it_true_and_clear_false_again():
    event = threads.Event()
    for turn in range(2):
        assert event.set() is None
        event.set()     # twice is as once
        assert event.is_set() is True
        assert event.clear() is None
        event.clear()
        assert event.is_set() is False


def test_other_threads_see_the_flag():
    event = threads.Event()
    support.run_in_thread(event.set)
    assert event.is_set() is True
    support.run_in_thread(event.clear)
    assert event.is_set() is False


@pytest.mark.parametrize('arguments', [(), (None,), (LIMIT,), (0,), (-1,)])
def test_wait_returns_at_once_when_it_is_set(arguments):
    event = threads.Event()
    event.set()
    result, elapsed = timed(lambda: event.wait(*arguments))
    assert result is True
    assert elapsed < LIMIT / 2


def test_wait_leaves_the_flag_as_it_is():
    event = threads.Event()
    assert event.wait(0.01) is False
    assert event.is_set() is False
    event.set()
    assert event.wait(0.01) is True
    assert event.is_set() is True


@pytest.mark.parametrize('arguments', [(), (None,), (LIMIT,)])
def test_set_wakes_all_that_wait(arguments):
    event = threads.Event()
    calls = waiting(*[lambda: timed(lambda: event.wait(*arguments))] * 4)
    event.set()
    woken = results(calls)
    assert [result for result, elapsed in woken] == [True] * 4
    assert max(elapsed for result, elapsed in woken) < LIMIT / 2


def test_wait_waits_after_a_clear():
    event = threads.Event()
    event.set()
    event.clear()
    calls = waiting(event.wait, lambda: event.wait(LIMIT))
    event.set()
    assert results(calls) == [True, True]


def test_clear_wakes_nobody():
    event, woken = threads.Event(), []
    calls = waiting(lambda: woken.append(event.wait(LIMIT)))
    event.clear()
    assert lasts(lambda: event.wait(SHORT)) is False
    assert woken == []
    event.set()
    results(calls)
    assert woken == [True]


def test_a_time_out_is_waited_for():
    event = threads.Event()
    assert lasts(lambda: event.wait(SHORT)) is False
    assert lasts(lambda: event.wait(timeout=SHORT)) is False


@pytest.mark.parametrize('timeout', [0, -1])
def test_wait_does_not_wait_when_no_time_is_given(timeout):
    result, elapsed = timed(lambda: threads.Event().wait(timeout))
    assert result is False
    assert elapsed < LIMIT / 2


def test_every_waiter_sees_an_event_that_is_cleared_at_once():
    event = threads.Event()
    calls = [support.start(lambda: event.wait(LIMIT)) for number in range(4)]
    waiters = getattr(event, '_cond', event)._waiters   # of CPython, and ours
    until(lambda: len(waiters) == 4)
    event.set()
    event.clear()
    assert results(calls) == [True] * 4
    assert event.wait(0.01) is False

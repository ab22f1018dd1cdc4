"""What Condition.wait_for promises (library/threading, "Condition objects")."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import clock, threads
from tests import support
from tests.compat.kit import LIMIT, SHORT, another_gets, lasts, not_watched
from tests.support import timed

pytestmark = not_watched


def test_wait_for_does_not_wait_for_what_is_true():
    condition = threads.Condition()
    with condition:
        result, elapsed = timed(lambda: condition.wait_for(lambda: 'there', LIMIT))
    assert result == 'there'
    assert elapsed < LIMIT / 2


def test_wait_for_asks_again_after_each_notification():
    condition, asked = threads.Condition(), threads.Semaphore(0)
    state = []

    def wait():
        with condition:
            return condition.wait_for(ready, LIMIT)

    def ready():
        asked.release()
        return len(state) >= 3 and 'full'

    call = support.start(wait)
    for item in (1, 2, 3):
        assert asked.acquire(timeout=LIMIT)
        with condition:
            state.append(item)
            condition.notify()
    assert call() == 'full'


def test_wait_for_asks_with_the_lock_and_returns_with_it():
    condition, asked, state = threads.Condition(), threads.Event(), []

    def wait():
        with condition:
            condition.wait_for(ready, LIMIT)
            return another_gets(condition)

    def ready():
        held.append(not another_gets(condition))
        asked.set()
        return state

    held = []
    call = support.start(wait)
    assert asked.wait(LIMIT)
    with condition:
        state.append(True)
        condition.notify_all()
    assert call() is False
    assert held == [True, True]


def test_wait_for_gives_the_last_value_when_its_time_is_over():
    condition = threads.Condition()
    for value in (False, 0, ()):
        with condition:
            assert condition.wait_for(lambda: value, 0.01) is value
    with condition:
        assert lasts(lambda: condition.wait_for(lambda: False, SHORT)) is False
        assert lasts(lambda: condition.wait_for(lambda: False, timeout=SHORT)) is False


def test_notifications_give_wait_for_no_more_time():
    condition, ended = threads.Condition(), []

    def disturb():
        while not ended:
            with condition:
                condition.notify()
            clock.sleep(SHORT / 10)

    call = support.start(disturb)
    until_late = clock.monotonic() + LIMIT / 2
    with condition:
        # a wrong one would go on for ever
        assert not condition.wait_for(lambda: clock.monotonic() > until_late, SHORT)
    ended.append(True)
    call()


def test_what_the_predicate_raises_comes_out():
    condition = threads.Condition()
    with condition:
        with pytest.raises(ZeroDivisionError):
            condition.wait_for(lambda: 1 // 0, 0.01)
        assert another_gets(condition) is False
    assert another_gets(condition) is True

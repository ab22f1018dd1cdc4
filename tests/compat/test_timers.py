"""What Timer promises (library/threading, "Timer objects")."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock, threads
from tests import support
from tests.compat.kit import LIMIT, SHORT, Log, lasts, not_watched
from tests.support import timed

pytestmark = not_watched


def _run(timer):
    timer.start()
    timer.join(LIMIT)
    assert not timer.is_alive()


def test_it_calls_the_function_once_when_the_interval_is_over():
    log = Log()
    timer = threads.Timer(SHORT, log)
    lasts(lambda: timer.start() or log.until(1))
    timer.join(LIMIT)
    assert log.entries == [()]


def test_it_calls_nothing_before_it_is_started():
    log = Log()
    timer = threads.Timer(0, log)
    assert not timer.is_alive()
    assert log.entries == []
    _run(timer)
    assert log.entries == [()]


def test_it_passes_the_arguments():
    called = []

    def function(*args, **kwargs):
        called.append((args, kwargs))

    _run(threads.Timer(0, function, [1, 2], {'three': 3}))
    _run(threads.Timer(0, function, kwargs={'four': 4}))
    _run(threads.Timer(0, function, args=[5]))
    _run(threads.Timer(0, function))
    assert called == [((1, 2), {'three': 3}), ((), {'four': 4}), ((5,), {}), ((), {})]


def test_arguments_that_were_not_given_are_its_own():
    one, other = threads.Timer(0, Log()), threads.Timer(0, Log())
    one.args.append(1)
    one.kwargs['two'] = 2
    assert (other.args, other.kwargs) == ([], {})


def test_it_is_a_thread_and_calls_in_it():
    called = []
    timer = threads.Timer(0, lambda: called.append(threads.current_thread()))
    assert isinstance(timer, threads.Thread)
    _run(timer)
    assert called == [timer]


def test_the_starter_does_not_wait_for_the_call():
    log = Log()
    timer = threads.Timer(LIMIT, log)
    assert timed(timer.start)[1] < LIMIT / 2
    assert timer.is_alive()
    timer.cancel()
    timer.join(LIMIT)


def test_one_that_is_cancelled_ends_at_once_and_calls_nothing():
    log, started = Log(), clock.monotonic()
    timer = threads.Timer(LIMIT, log)
    timer.start()
    assert timer.cancel() is None
    timer.join(LIMIT)
    assert not timer.is_alive()
    assert clock.monotonic() - started < LIMIT / 2
    assert log.entries == []


def test_one_that_is_cancelled_before_the_start_calls_nothing():
    log = Log()
    timer = threads.Timer(0.01, log)
    timer.cancel()
    _run(timer)
    assert log.entries == []


def test_to_cancel_comes_too_late_after_the_call():
    log = Log()
    timer = threads.Timer(0, log)
    _run(timer)
    timer.cancel()
    timer.cancel()
    assert log.entries == [()]


def test_what_it_calls_may_cancel_it():
    log = Log()
    timer = threads.Timer(0, lambda: log() or timer.cancel())
    _run(timer)
    assert log.entries == [()]


def test_another_thread_may_cancel_it():
    log = Log()
    timer = threads.Timer(LIMIT, log)
    timer.start()
    support.run_in_thread(timer.cancel)
    timer.join(LIMIT / 2)
    assert not timer.is_alive()
    assert log.entries == []

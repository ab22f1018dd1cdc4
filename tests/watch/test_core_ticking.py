"""Holds measured by ticks: never longer than they were, and hardly shorter."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.litmus import watch
from portable_server.litmus.watch import ticking
from tests.watch.watching import Clock, installed


def _ticker():
    """A Ticker whose ticks the test makes, and its clock."""
    clock = Clock()
    ticker = ticking.Ticker(lambda now, wall: None)
    ticker._clock = clock
    ticker._tick()
    return ticker, clock


def test_no_time_has_passed_within_a_tick():
    ticker, clock = _ticker()
    clock.pass_(0.009)
    assert ticker.seconds_since(1000.0) == 0


def test_a_hold_counts_from_the_tick_after_its_beginning():
    ticker, clock = _ticker()
    clock.pass_(0.01)
    ticker._tick()
    clock.pass_(0.2)
    assert abs(ticker.seconds_since(1000.0) - 0.2) < 1e-6


def test_a_long_hold_whose_tick_is_forgotten_stays_long():
    ticker, clock = _ticker()
    for _ in range(1000):
        clock.pass_(ticking.PERIOD)
        ticker._tick()
    assert 9.9 < ticker.seconds_since(1000.0) < 10


def test_a_note_that_came_too_late_is_dropped():
    """A Lock released by another thread just before its taker noted that it has it."""
    with installed('raise') as session:
        lock = watch.name(threads.Lock(), 'handed on')
        with lock:
            pass
        held = watch.held.of_this_thread()
        held.add(lock)
        assert session.held_now(held) == [] and not held
        with lock:
            with threads.Lock():
                pass
    assert session.reports == []

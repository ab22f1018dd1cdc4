"""What CPython 2.7's locks sleep on, with ctypes and without it."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import clock, threads
from tests import support
from tests.support.limits import scaled

_LIMIT = scaled(10.0)


@pytest.fixture(params=['SemaphoreAlarm', 'PipeAlarm'])
def alarm_type(request, monkeypatch):
    from portable_server.compat.threads.python2 import alarm, lock_cpython
    kind = {'SemaphoreAlarm': alarm.Alarm, 'PipeAlarm': alarm.PipeAlarm}[request.param]
    assert kind.__name__ == request.param       # a system that has ctypes uses it
    monkeypatch.setattr(lock_cpython, 'Alarm', kind)
    return kind


@support.only_on('time-out-by-polling')
def test_an_alarm_ends_a_sleep(alarm_type):
    alarm = alarm_type()
    asleep = support.start(lambda: support.timed(lambda: alarm.wait(_LIMIT))[1])
    alarm.ring()
    assert asleep() < _LIMIT / 2
    alarm.ring()        # before the sleep it counts as well
    assert support.timed(lambda: alarm.wait(None))[1] < _LIMIT / 2
    assert support.timed(lambda: alarm.wait(0.05))[1] >= 0.049
    alarm.close()


@support.only_on('time-out-by-polling')
def test_a_closed_alarm_may_be_rung(alarm_type):
    alarm = alarm_type()
    alarm.close()
    alarm.ring()


@support.only_on('time-out-by-polling')
def test_locks_hand_over_at_once_on_either_alarm(alarm_type):
    """2.7's own polling takes 25 ms on average, so 100 turns would take 2.5 s."""
    there, back = threads.Semaphore(0), threads.Semaphore(0)

    def answer():
        for turn in range(100):
            assert there.acquire(timeout=_LIMIT)
            back.release()

    answering = support.start(answer)
    started = clock.monotonic()
    for turn in range(100):
        there.release()
        assert back.acquire(timeout=_LIMIT)
    assert clock.monotonic() - started < 1.5
    answering()

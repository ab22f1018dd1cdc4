"""Explored functions: races, deadlocks, livelocks, time; nothing is left behind."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import threads
from portable_server.litmus import explore
from portable_server.litmus.explore import tokens

from tests.litmus.explore.kit import PROGRAMS, explored
from tests.support.limits import scaled

with open(PROGRAMS) as _source:
    LINE_OF_ADD = _source.read().split('\n').index('        self.n += 1') + 1
DEPTH_ONE = ['lost_update', 'lost_update_of_a_global', 'lost_update_of_an_item', 'lock_order']


@pytest.mark.parametrize('name', DEPTH_ONE)
def test_race_is_found_and_made_as_simple_as_it_can_be(name):
    result = explored(name)
    assert result.kind == ('deadlock' if name == 'lock_order' else 'fails')
    assert result.failure.decisions == 1, result.failure.token
    assert result.failure.repeats


@pytest.mark.parametrize('name', DEPTH_ONE[:3])
def test_race_within_a_line_is_found_in_few_schedules(name):
    found = sorted(explored(name, seed=seed).executions for seed in range(5))
    assert found[2] <= 20, found


def test_interleaving_shows_both_threads_in_the_line():
    text = explore.text(explored('lost_update'))
    assert text.count('self.n += 1') == 3 and '... self.n += 1' in text, text
    assert 'AssertionError: 1' in text


def test_deadlock_says_who_waits_for_whom():
    text = explore.text(explored('lock_order'))
    assert 'thread 1 waits for: Lock held by thread 2' in text
    assert 'thread 2 waits for: Lock held by thread 1' in text


@pytest.mark.parametrize('name', [
    'counted_under_a_lock', 'sleeps_in_order', 'time_out', 'handover_by_queue',
    'everything_of_threading', 'barrier_breaks', 'misuse', 'spins_until_another_thread_runs'])
def test_right_program_never_fails(name):
    result = explored(name, 60)
    assert result.kind == 'ok', explore.text(result)


def test_endless_loop_is_a_livelock():
    assert explored('spins_for_ever').kind == 'livelock'


def test_end_of_the_interpreter_is_an_error_of_its_thread():
    result = explored('ends_in_the_middle')
    assert result.kind == 'fails' and 'SystemExit' in explore.text(result)


@pytest.mark.parametrize('name', ['lost_update', 'lock_order'])
def test_token_repeats_the_outcome_each_time(name):
    first = explored(name)
    texts = set()
    for _ in range(10):
        again = explored(name, token=first.failure.token)
        assert again.kind == first.kind and not again.note
        texts.add(explore.text(again).partition('\n')[2])
    assert len(texts) == 1


def test_token_means_the_same_on_every_interpreter():
    test, decisions = tokens.decode(explored('lost_update').failure.token)
    # thread 1, at the second point of its line, between the load and the store: thread 2
    assert (test, decisions) == (None, ['1:%d.2>2' % LINE_OF_ADD])


@pytest.mark.parametrize('token', ['', 'r', 'nonsense', 'rAAAA'])
def test_what_is_no_token_is_refused(token):
    with pytest.raises(explore.TokenError):
        explored('lost_update', token=token or 'x')


def test_threads_are_not_left_behind():
    before = threads.active_count()
    for name in ('lock_order', 'spins_for_ever', 'lost_update'):
        explored(name)
    limit = threads.Event()
    for _ in range(100):
        if threads.active_count() <= before:
            break
        limit.wait(scaled(0.1))
    assert threads.active_count() <= before
    assert [thread.name for thread in threads.enumerate() if 'Dummy' in thread.name] == []


def test_thread_that_catches_everything_does_not_stop_the_explorer():
    assert explored('swallows_everything', 1).kind == 'deadlock'


def test_everything_is_restored():
    import threading
    import time
    before = (threading.Lock, threading.Condition, threads.Lock, threads.Event, time.sleep,
              threading.Thread.start, threads.current_thread)
    explored('lost_update')
    after = (threading.Lock, threading.Condition, threads.Lock, threads.Event, time.sleep,
             threading.Thread.start, threads.current_thread)
    assert before == after


@pytest.mark.parametrize('target, part', [
    ('nowhere.py:f', 'no file'), ('tests.litmus.explore.programs', 'names no class'),
    ('no_such_module_xyz:f', 'no module'), ('tests.litmus.explore.programs:nothing', 'has no'),
    ('tests.litmus.explore.programs:total', 'neither')])
def test_wrong_target_is_one_line(target, part):
    with pytest.raises(explore.TargetError) as caught:
        explore.check(target)
    assert part in str(caught.value) and '\n' not in str(caught.value)

"""`portable_server.pytest_plugin`: its options, its keys in pytest.ini, its use under pytest-xdist."""
from __future__ import absolute_import, division, print_function

import os

import pytest

from tests.tools.pytest_runs import Run, write

pytestmark = pytest.mark.time_limit(240)

SLEEPS = """
import threading, time

def test_sleeps():
    with threading.Lock():
        time.sleep(0.001)

def test_holds():
    with threading.Lock():
        stop = time.time() + 0.1
        while time.time() < stop:
            pass
"""
SLEEPS_WHEN_IMPORTED = """
import threading, time
with threading.Lock():
    time.sleep(0.001)

def test_passes():
    pass
"""


def test_raise_mode_raises_at_the_place(tmpdir):
    run = Run(tmpdir, '--lock-watch=raise', test_it=SLEEPS)
    assert run.outcomes == {'test_sleeps': ['FAILED'], 'test_holds': ['PASSED']}
    assert 'Violation' in run.output and run.output.count('WATCH: ') <= 2, run.output


def test_the_ini_file_switches_it_on_and_sets_the_limit(tmpdir):
    write(os.path.join(str(tmpdir), 'pytest.ini'),
          '[pytest]\nlock_watch = report\nlock_watch_hold_limit = 0.05\n')
    run = Run(tmpdir, test_it=SLEEPS)
    assert run.outcomes == {'test_sleeps': ['FAILED'], 'test_holds': ['FAILED']}, run.output
    assert 'held-too-long (' in run.output
    off = Run(tmpdir, '--lock-watch=off', test_it=SLEEPS)
    assert off.outcomes == {'test_sleeps': ['PASSED'], 'test_holds': ['PASSED']}
    assert off.summary() == []


def test_an_ignored_folder_is_left_alone(tmpdir):
    write(os.path.join(str(tmpdir), 'pytest.ini'),
          '[pytest]\nlock_watch = report\nlock_watch_ignore = wild\n')
    os.mkdir(os.path.join(str(tmpdir), 'wild'))
    run = Run(tmpdir, **{'test_tame': SLEEPS.replace('def test_', 'def test_tame_'),
                         'wild/test_wild': SLEEPS})
    assert run.outcomes['test_sleeps'] == ['PASSED'], run.output
    assert run.outcomes['test_tame_sleeps'] == ['FAILED']
    assert 'without the watch: 2 tests (lock_watch_ignore has wild)' in run.summary()


def test_what_comes_between_the_tests_fails_the_run(tmpdir):
    run = Run(tmpdir, '--lock-watch', test_it=SLEEPS_WHEN_IMPORTED)
    assert run.outcomes == {'test_passes': ['PASSED']}
    assert run.status == 1
    assert 'between the tests:' in run.summary()


@pytest.mark.parametrize('mark, complaint', [
    ("lock_watch_allow('naps')", "needs a name and a reason"),
    ("lock_watch_expect('sleeping')", "no such kind of report: 'sleeping'"),
    ("lock_watch_off()", 'needs a reason'),
])
def test_a_wrong_mark_is_reported_in_one_line_before_any_test(tmpdir, mark, complaint):
    run = Run(tmpdir, test_it='import pytest\n@pytest.mark.%s\ndef test_it():\n    pass\n' % mark)
    assert run.status == 4 and run.outcomes == {}
    assert complaint in run.output, run.output


def test_under_xdist_the_workers_send_home_what_they_counted(tmpdir):
    pytest.importorskip('xdist')
    run = Run(tmpdir, '--lock-watch', '-n', '2', '-p', 'xdist')
    assert run.outcomes['test_fails_by_another_thread'] == ['FAILED'], run.output
    assert run.outcomes['test_passes_with_what_it_expects'] == ['PASSED']
    lines = run.summary()
    assert '10 reports, 10 tests failed for it' in lines[0], lines
    assert 'allowed naps: 2 times (to see it allowed)' in lines

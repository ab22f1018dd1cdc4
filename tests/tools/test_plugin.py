"""`portable_server.pytest_plugin` on a test file of its own, in a process of this interpreter.

The sample's tests say in their names what must become of them; see plugin_sample.py.
"""
from __future__ import absolute_import, division, print_function

import re

import pytest

from tests.tools.pytest_runs import SAMPLE, Run

pytestmark = pytest.mark.time_limit(240)

with open(SAMPLE) as stream:
    TESTS = re.findall(r'^def (test_\w+)\(', stream.read(), re.MULTILINE)

ONE_ERROR = ['PASSED', 'ERROR']
SPECIAL = {
    'test_is_skipped': ['SKIPPED'],
    'test_fails_in_teardown': ONE_ERROR,
    'test_fails_without_what_it_expects': ONE_ERROR,
}
#: What becomes of them has nothing to do with the watch.
OF_THEMSELVES = ('test_is_skipped', 'test_fails_of_itself')


@pytest.fixture(scope='module')
def report(tmpdir_factory):
    return Run(tmpdir_factory.mktemp('report'), '--lock-watch')


@pytest.fixture(scope='module')
def off(tmpdir_factory):
    return Run(tmpdir_factory.mktemp('off'))


def expected(name):
    return SPECIAL.get(name, ['FAILED'] if name.startswith('test_fails') else ['PASSED'])


@pytest.mark.parametrize('name', TESTS)
def test_with_the_watch(report, name):
    assert report.outcomes[name] == expected(name), report.output
    assert report.status == 1


def test_a_failure_tells_lock_thread_and_stacks_once(report):
    told = re.findall('^lock watch: (.*)$', report.output, re.MULTILINE)
    failures = [name for name in TESTS if name.startswith('test_fails')]
    assert len(told) == len(failures)
    assert len([line for line in told if line.startswith('blocked-while-holding (')]) == len(told) - 2
    assert len([line for line in told if line.startswith('lock-order (')]) == 1
    assert 'expected, and not reported: blocked-while-holding' in told
    assert report.output.count('in sleep_with') + report.output.count('(sleep_with') > 2


def test_the_failure_of_the_test_itself_is_shown_too(report):
    assert 'the failure of the test itself' in report.output


def test_the_summary_counts(report):
    lines = report.summary()
    failures = len([name for name in TESTS if name.startswith('test_fails')])
    pattern = (r'\d\d locks watched, %d reports, %d tests failed for it$'
               % (failures - 1, failures - 1))
    assert re.match(pattern, lines[0]) is not None, lines
    assert lines[1:] == ['allowed naps: 2 times (to see it allowed)',
                         'expected blocked-while-holding: 3 reports',
                         'expected lock-order: 0 reports',
                         'without the watch: 1 test (to see it left alone)']


@pytest.mark.parametrize('name', TESTS)
def test_without_the_option_only_those_are_watched_that_ask_for_it(off, name):
    if 'expect' in name or 'fixture' in name or name in OF_THEMSELVES:
        assert off.outcomes[name] == expected(name), off.output
    else:
        assert off.outcomes[name] == ['PASSED'], off.output

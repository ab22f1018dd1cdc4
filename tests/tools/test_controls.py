"""The controls of the watch, each in each of its columns; and that they bite."""
from __future__ import absolute_import, division, print_function

import json

import pytest

from portable_server.compat import platform
from portable_server.litmus.controls import COLUMNS, all_controls, known, run
from portable_server.litmus.controls.__main__ import main
from portable_server.litmus.controls.control import Due
from portable_server.litmus.controls.running import compare

pytestmark = pytest.mark.lock_watch_off(
    why='they begin watches of their own, over programs that break the rules')

CONTROLS = all_controls()
NAMES = [control.name for control in CONTROLS]
LISTED = known.load(NAMES)


def by_name(name):
    return CONTROLS[NAMES.index(name)]


@pytest.mark.parametrize('control', CONTROLS, ids=NAMES)
def test_control(control):
    """In each column exactly the reports that are due; one known to fail must fail."""
    verdicts = [run(control, column) for column in COLUMNS if control.runs_in(column)]
    wrong = [verdict for verdict in verdicts
             if known.judge(verdict, LISTED) not in (known.OK, known.KNOWN)]
    assert not wrong, '\n'.join('%s\n%s' % (verdict, verdict.text) for verdict in wrong)


def test_there_are_enough_of_both_kinds():
    with_reports = [control for control in CONTROLS if control.reports]
    assert len(with_reports) >= 60
    assert len(CONTROLS) - len(with_reports) >= 60


def test_names_are_unique():
    assert sorted(set(NAMES)) == sorted(NAMES)


def test_each_control_says_why():
    assert [control.name for control in CONTROLS if not control.program.__doc__] == []


def test_the_grid_covers_each_kind_of_report_in_each_column():
    from portable_server.litmus import watch
    for column in COLUMNS:
        kinds = set(due.kind for control in CONTROLS if control.runs_in(column)
                    for due in control.due_in(column))
        assert kinds == set(watch.KINDS), column


# what is compared

SLEEP = Due('blocked-while-holding', 'a', 'time.sleep', [], 'control')
HOLD = Due('held-too-long', 'a', '', [], 'control')


@pytest.mark.parametrize('due, found, missing, unexpected', [
    ([], [], 0, 0),
    ([Due('held-too-long')], [HOLD], 0, 0),
    ([Due('held-too-long', lock='b')], [HOLD], 1, 1),
    ([Due('held-too-long')], [], 1, 0),
    ([], [HOLD], 0, 1),
    ([Due('held-too-long')], [HOLD, HOLD], 0, 1),
    ([Due('held-too-long')] * 2, [HOLD], 1, 0),
    ([Due('blocked-while-holding', operation='time.sleep')], [SLEEP], 0, 0),
    ([Due('blocked-while-holding', operation='Thread.join')], [SLEEP], 1, 1),
    ([Due('blocked-while-holding', others=['b'])], [SLEEP], 1, 1),
    ([Due('blocked-while-holding', thread='helper')], [SLEEP], 1, 1),
    ([Due('blocked-while-holding'), Due('blocked-while-holding', lock='a')],
     [SLEEP, Due('blocked-while-holding', 'b', '', [], 'control')], 0, 0),
], ids=['nothing', 'as due', 'other lock', 'missing', 'not due', 'twice', 'once of two',
        'operation', 'other operation', 'other locks', 'other thread', 'exact one first'])
def test_compare(due, found, missing, unexpected):
    result = compare(due, found)
    assert (len(result[0]), len(result[1])) == (missing, unexpected)


# known failures

class Judged(object):
    """As much of a Verdict as the list of known failures looks at."""

    def __init__(self, fine):
        self.control = by_name('ab_ba')
        self.column = COLUMNS[0]
        self.fine = fine


HERE = 'ab_ba | %s | threading.Lock | a reason' % platform.CLASS
ELSEWHERE = 'ab_ba | %s | threading.Lock | a reason' % ('J' if platform.CLASS != 'J' else 'P')


@pytest.mark.parametrize('line, fine, judgement', [
    ('# nothing', True, known.OK),
    ('# nothing', False, known.FAILED),
    (HERE, False, known.KNOWN),
    (HERE, True, known.UNEXPECTED_PASS),
    (ELSEWHERE, True, known.OK),
    (ELSEWHERE, False, known.FAILED),
    ('ab_ba | all | all | a reason', True, known.UNEXPECTED_PASS),
    ('ab_ba | all | compat.Lock | a reason', True, known.OK),
    ('ab_ab | all | all | a reason', False, known.FAILED),
], ids=['ok', 'failed', 'known', 'passed', 'elsewhere ok', 'elsewhere failed', 'passed all',
        'other column', 'other control'])
def test_a_known_failure_may_not_pass(line, fine, judgement):
    assert known.judge(Judged(fine), known.read([line], NAMES)) == judgement


@pytest.mark.parametrize('line', ['ab_ba', 'ab_ba | all | all |', 'nobody | all | all | why',
                                  'ab_ba | G11 | all | why', 'ab_ba | all | Mutex | why'],
                         ids=['short', 'no reason', 'no control', 'no class', 'no column'])
def test_a_bad_line_of_the_list_is_refused(line):
    with pytest.raises(known.BadList):
        known.read([line], NAMES)


# the command

def test_the_command_prints_the_grid_and_its_totals(capsys):
    assert main(['ab_ba', 'short_holds']) == 0
    text = capsys.readouterr().out
    assert 'ab_ba' in text and 'short_holds' in text
    assert '2 controls in 12 cells: 12 ok, 0 FAILED' in text
    assert 'false negatives: 0 of 6 reports due' in text
    assert 'false positives: 0 reports, with 6 cells that must give none' in text


def test_the_command_says_it_in_json(capsys):
    assert main(['ab_ba', '--json']) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line['event'] for line in lines] == ['interpreter'] + ['cell'] * 6 + ['totals']
    assert lines[-1]['ok'] == 6 and lines[-1]['false negatives'] == 0


def test_the_command_lists_subjects_and_names(capsys):
    assert main(['--list', 'order']) == 0
    assert 'order.ab_ba' in capsys.readouterr().out.splitlines()


def test_the_command_refuses_what_it_does_not_know(capsys):
    assert main(['nobody']) == 2
    assert 'nobody' in capsys.readouterr().err


def test_a_failure_is_the_exit_status(capsys, monkeypatch):
    monkeypatch.setattr(by_name('ab_ab'), 'reports', (Due('lock-order'),))
    assert main(['ab_ab']) == 1
    text = capsys.readouterr().out
    assert 'FAILED' in text and 'false negatives: 6 of 6' in text


def test_an_unexpected_pass_is_the_exit_status(capsys, monkeypatch, tmpdir):
    listed = tmpdir.join('known.txt')
    listed.write('ab_ab | all | all | it is well by now\n')
    monkeypatch.setattr(known, 'PATH', str(listed))
    assert main(['ab_ab']) == 1
    assert '6 passed unexpectedly' in capsys.readouterr().out

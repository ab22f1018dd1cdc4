"""``python -m portable_server.litmus``: the lines and the exit statuses that a controller goes by."""
from __future__ import absolute_import, division, print_function

import json
import signal

import pytest

from portable_server.compat import platform
from portable_server.litmus import __main__ as command
from portable_server.litmus import catalogue
from tests.support.processes import finish, run_python, start_python

SAMPLES = 'tests.tools.litmus_samples'
PROGRAM = 'import sys; from portable_server.litmus.__main__ import main; sys.exit(main(%r))'


def lines_of(arguments):
    """(exit status, list of the lines as dicts) of the command in a process of its own."""
    status, output, _ = run_python(PROGRAM % (['--package', SAMPLES] + arguments,))
    return status, [json.loads(line) for line in output.splitlines()]


def events(lines):
    return [(line['event'], line.get('case', '').replace('litmus_samples.', '')) for line in lines
            if line['event'] != 'progress']


def test_a_run_of_all_kinds():
    """A fine case, a forced one, a forbidden outcome, two mistakes: to the end, and status 1."""
    chosen = ['litmus_samples.' + name for name in ('Fine', 'Followed', 'Bad', 'Blind', 'Nobody')]
    status, lines = lines_of(chosen + ['--seconds', '0.1', '--repeats', '3'])
    assert events(lines) == [
        ('interpreter', ''), ('start', 'Bad'), ('stressed', 'Bad'), ('start', 'Blind'),
        ('error', 'Blind'), ('start', 'Fine'), ('stressed', 'Fine'), ('start', 'Followed'),
        ('forced', 'Followed'), ('start', 'Nobody'), ('error', 'Nobody'), ('gil', ''), ('end', '')]
    by = dict(((line['event'], line.get('case')), line) for line in lines)
    assert status == command.EXIT_FORBIDDEN and by['end', None]['fine'] is False
    assert by['interpreter', None]['class'] == platform.CLASS
    assert by['interpreter', None]['cases'] == sorted(chosen)
    bad, fine = by['stressed', 'litmus_samples.Bad'], by['stressed', 'litmus_samples.Fine']
    assert bad['grades'] == {'raises KeyError': 'forbidden'}
    assert 'KeyError' in bad['tracebacks']['raises KeyError']
    assert fine['outcomes'] == {'fine': fine['rounds']} and fine['rounds_per_second'] > 0
    forced = by['forced', 'litmus_samples.Followed']
    assert (forced['kept'], forced['outcome'], forced['due']) == (True, 'ab', 'ab')
    assert forced['outcomes'] == {'ab': 3}
    assert 'ZeroDivisionError' in by['error', 'litmus_samples.Blind']['traceback']
    assert '@actor' in by['error', 'litmus_samples.Nobody']['message']


def test_a_line_about_a_case_has_its_table():
    status, lines = lines_of(['litmus_samples.Fine', '--describe'])
    assert (status, len(lines)) == (0, 1)
    case = lines[0]
    assert (case['event'], case['kind'], case['rows']) == ('case', 'stressed', [1])
    assert (case['crash'], case['hang']) == ('interesting', 'forbidden')
    assert case['expectations'][0]['grades']['J'] == 'acceptable'
    assert case['mends'] == 'litmus_samples.Bad'


def test_a_hang_ends_the_process_and_another_goes_on_behind_it():
    status, lines = lines_of(['--after', 'litmus_samples.Followed', '--patience', '0.5',
                              '--seconds', '0.1'])
    assert status == command.EXIT_HANG
    assert lines[-1]['event'] == 'hang' and lines[-1]['grade'] == 'forbidden'
    assert 'in waits' in lines[-1]['stacks']
    assert (lines[-1]['rounds'], lines[-1]['outcomes']) == (0, {})
    status, lines = lines_of(['--after', 'litmus_samples.Hanging', '--seconds', '0.1'])
    assert (status, lines[-1]['event']) == (command.EXIT_USAGE, 'end')


@pytest.mark.parametrize('arguments', [['nothing'], ['--after', 'nothing'],
                                       ['--package', 'no.such'], ['--seconds', '0'],
                                       ['--repeats', '0'], ['--patience', 'x']])
def test_wrong_usage_is_reported_on_stderr(arguments, capsys):
    try:
        status = command.main(arguments)
    except SystemExit as ended:
        status = ended.code
    output, errors = capsys.readouterr()
    assert (status, output) == (command.EXIT_USAGE, '') and 'error' in errors


def test_the_names_of_cases_are_listed(capsys):
    assert command.main(['row_01', '--list']) == 0
    assert 'row_01_lost_update.LostUpdate\n' in capsys.readouterr()[0]


def test_a_signal_ends_a_run_with_a_last_line():
    chosen = ['--package', SAMPLES, 'litmus_samples.Fine', '--seconds', '50']
    process = start_python(PROGRAM % (chosen,))
    line = process.stdout.readline()
    while line and b'"progress"' not in line:
        line = process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    status, output, errors = finish(process)
    assert status == command.EXIT_INTERRUPTED, errors
    assert json.loads(output.splitlines()[-1]) == {'event': 'interrupted'}


def test_an_unknown_case_is_named():
    with pytest.raises(catalogue.UnknownCase):
        catalogue.select(['row_999'])


def test_cases_are_selected_by_row_module_and_name():
    by_row = catalogue.select(['1'])
    assert by_row == catalogue.select(['row_01_lost_update'])[:len(by_row)]
    assert catalogue.select(['row_01']) == catalogue.select(['row_01_lost_update'])
    assert catalogue.select(['row_01_lost_update.LostUpdate']) == by_row[:1]


def test_scaffolding_is_no_case():
    assert 'portable_server.litmus.cases._counting' not in catalogue.modules()
    assert [case.__name__ for case in catalogue.cases_in('portable_server.litmus.cases.row_01_lost_update')] == [
        'LostUpdate', 'LostUpdateForced', 'LostUpdateMended']

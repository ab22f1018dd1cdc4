"""Run the controls of the watch in this interpreter and print their grid.

    python -m portable_server.litmus.controls [NAME...] [--list] [--json]

Exit status: 0 all as it should be; 1 a control failed, or one that is known to fail
passed; 2 bad usage.
"""
from __future__ import absolute_import, division, print_function

import argparse
import json
import sys

from portable_server.compat import platform
from portable_server.litmus.controls import grid, known
from portable_server.litmus.controls.control import all_controls, select
from portable_server.litmus.controls.kit import COLUMNS
from portable_server.litmus.controls.running import LIMIT, run

EXIT_FAILED = 1
EXIT_USAGE = 2


class _Text(object):
    """Prints the grid, and below it what failed and why."""

    def __init__(self):
        self._subject = None
        self._judgements = {}
        self._failures = []

    def begin(self):
        print('Controls of the watch on %(implementation)s %(version)s, class %(class)s'
              % platform.describe())
        print('\n'.join(grid.heading()))

    def cell(self, verdict, judgement):
        self._judgements[verdict.column] = judgement
        if judgement in (known.FAILED, known.UNEXPECTED_PASS):
            self._failures.append(verdict)

    def row(self, control):
        if control.subject != self._subject:
            self._subject = control.subject
            print(self._subject)
        print(grid.row(control, self._judgements))
        sys.stdout.flush()
        self._judgements = {}

    def end(self, totals):
        print()
        told = set()
        for verdict in self._failures:
            print(verdict)
            if verdict.control.name not in told:    # much the same in the other columns
                print(verdict.text)
            told.add(verdict.control.name)
        print('\n'.join(totals.lines()))


class _Json(object):
    """Prints one JSON object a line: the interpreter, each cell, the totals."""

    def begin(self):
        self._say('interpreter', platform.describe())

    def cell(self, verdict, judgement):
        self._say('cell', {
            'control': verdict.control.name, 'column': '.'.join(verdict.column),
            'judgement': judgement, 'missing': [repr(one) for one in verdict.missing],
            'unexpected': [repr(one) for one in verdict.unexpected], 'trouble': verdict.trouble})

    def row(self, control):
        pass

    def end(self, totals):
        self._say('totals', totals.as_dict())

    def _say(self, event, fields):
        print(json.dumps(dict(fields, event=event), sort_keys=True))
        sys.stdout.flush()


def run_all(controls, listed, output, limit=LIMIT):
    """Run the controls in all their columns; return the Totals."""
    totals = grid.Totals()
    output.begin()
    for control in controls:
        for column in COLUMNS:
            if control.runs_in(column):
                verdict = run(control, column, limit)
                judgement = known.judge(verdict, listed)
                totals.add(verdict, judgement)
                output.cell(verdict, judgement)
        output.row(control)
    output.end(totals)
    return totals


def _parser():
    parser = argparse.ArgumentParser(prog='python -m portable_server.litmus.controls',
                                     description=__doc__.split('\n')[0])
    parser.add_argument('names', nargs='*', metavar='NAME',
                        help='a control (ab_ba) or a subject (order); all without')
    parser.add_argument('--list', action='store_true', help='print the names and end')
    parser.add_argument('--json', action='store_true', help='one JSON object a line')
    return parser


def main(arguments=None):
    """The command line; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        controls = select(options.names)
        listed = known.load([one.name for one in all_controls()])
    except LookupError as error:
        return _refuse('no control is called %s; --list shows them' % error.args[0])
    except known.BadList as error:
        return _refuse('%s: %s' % (known.PATH, error))
    if options.list:
        print('\n'.join('%s.%s' % (one.subject, one.name) for one in controls))
        return 0
    return 0 if run_all(controls, listed, _Json() if options.json else _Text()).fine else EXIT_FAILED


def _refuse(message):
    print('controls: error: ' + message, file=sys.stderr)
    return EXIT_USAGE


if __name__ == '__main__':
    sys.exit(main())

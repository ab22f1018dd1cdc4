"""Run litmus cases in this interpreter and print one JSON object a line.

    python -m litmus row_01 --seconds 2          by hand
    python -m litmus --after row_20.SharedGenerator    what a controller starts anew

The controller of the harness runs one such process on each interpreter. Each line is
flushed at once, keys are sorted, text is ASCII with JSON's escapes. Stable: fields may
be added, none is taken away. Lines, by ``event``:

``interpreter``  first. What ``compat.platform.describe()`` says (implementation, version,
             class: G9 G10 FT J P, gil_enabled, ...), and:
             pid         int
             cases       list of the names of the cases that will run, in this order
             seconds, seed, patience, repeats    the options in force
             varies      list of what is varied besides the length of the batches:
                         "switch interval", "affinity", as far as this interpreter can
``start``    a case begins:
             case        "row_01_lost_update.LostUpdate": the name, in all further lines
             kind        "stressed" or "forced"
             rows        list of int, the rows of the catalogue
             title       first line of the lesson; lesson: all of it
             mends       name of the case that this is the mended variant of, or null
             due         the outcome that a forced case must give; null when stressed
             expectations  list of objects in the order of the table: outcome, source,
                         grade (on this interpreter), grades (object: class -> grade)
             crash, hang the grade of a CRASH and of a HANG on this interpreter
``progress`` at most five a second and case, none for short ones:
             case, rounds (int), seconds (float), outcomes (object: outcome -> count so far)
``stressed`` a case raced to its end:
             case, rounds, seconds, rounds_per_second,
             outcomes    object: outcome -> count
             grades      object: outcome -> "acceptable", "interesting" or "forbidden"
             tracebacks  object: an outcome that was an exception -> its first traceback
             one_at_a_time  true where rounds share state (globals), so that no batches run
``forced``   a schedule was run ``repeats`` times:
             all fields of ``stressed`` but the last, and
             outcome     what it gave (the first that was not due, if any was not)
             due         what it must give
             kept        whether all were as due; the grade of others is "forbidden"
``hang``     the actors did not end within the patience. The process ends after this line
             with status 3; start another ``--after`` this case for the rest.
             case, kind, rounds, seconds, outcomes, grades (of what was seen before), and
             grade       of the HANG itself
             stacks      text: the stacks of all threads
``error``    a mistake in the case itself, in its own constructor, table or observer;
             the next case follows:
             case, message (one line), traceback (text, may be "")
``interrupted``  SIGTERM or SIGINT came; status 130. Nothing follows.
``end``      last, when all cases were run: fine (bool: nothing forbidden, no error)

Exit status: 0 fine, 1 something forbidden, 2 wrong usage or an error, 3 a hang, 130
interrupted. A process that ended in any other way, or without ``end``, ``hang`` or
``interrupted``, crashed: the outcome is CRASH, of the case that had its ``start`` last.
"""
from __future__ import absolute_import, division, print_function

import argparse
import json
import sys

from compat import platform, threads
from litmus import catalogue
from litmus.case import Forced, name_of, title_of
from litmus.schedule import force
from litmus.grades import HANG, grade_of
from litmus.racing import Hang, stress

EXIT_FORBIDDEN = 1
EXIT_USAGE = 2


def report(event, **fields):
    """Print one JSON line and flush it: a crash must not lose what was said."""
    fields['event'] = event
    print(json.dumps(fields, sort_keys=True))
    sys.stdout.flush()


def run_forced(case):
    """Force a case once; return whether it gave its outcome."""
    outcome = force(case)
    kept = outcome == case.outcome
    report('forced', case=name_of(case), outcome=outcome, due=case.outcome, kept=kept)
    return kept


def run_stressed(case, seconds, seed):
    """Stress a case; return whether no forbidden outcome was seen."""
    try:
        result = stress(case, seconds, seed, lambda rounds: report(
            'progress', case=name_of(case), rounds=rounds))
    except Hang:
        threads.dump_stacks(sys.stderr)
        report('hang', case=name_of(case), grade=_grade(case, HANG))
        return _grade(case, HANG) != 'forbidden'
    grades = dict((outcome, _grade(case, outcome)) for outcome in result.outcomes)
    report('stressed', case=name_of(case), outcomes=result.outcomes, grades=grades,
           rounds=result.rounds, seconds=round(result.seconds, 3))
    return 'forbidden' not in grades.values()


def _grade(case, outcome):
    return grade_of(case.expectations, outcome, platform.CLASS)


def run(cases, seconds, seed):
    """Run the cases in order; return whether none gave a forbidden outcome."""
    report('interpreter', **platform.describe())
    fine = True
    for case in cases:
        report('start', case=name_of(case), title=title_of(case), rows=list(case.rows))
        kept = run_forced(case) if issubclass(case, Forced) else run_stressed(case, seconds, seed)
        fine = fine and kept
    report('end')
    return fine


def _parser():
    parser = argparse.ArgumentParser(prog='python -m litmus', description=__doc__.split('\n')[0])
    parser.add_argument('cases', nargs='*', metavar='CASE',
                        help='a module (row_01), a case (row_01.LostUpdate) or a row number; all without')
    parser.add_argument('--seconds', type=float, default=1.0, help='stress time of a case (default 1.0)')
    parser.add_argument('--seed', type=int, default=0, help='seed of what stress varies (default 0)')
    parser.add_argument('--package', default=catalogue.DEFAULT_PACKAGE, help='where the cases are')
    parser.add_argument('--list', action='store_true', help='print the names of the cases and end')
    return parser


def main(arguments=None):
    """The command line; returns the exit status: 0 fine, 1 forbidden, 2 bad usage."""
    options = _parser().parse_args(arguments)
    try:
        cases = catalogue.select(options.cases, options.package)
    except catalogue.UnknownCase as error:
        print('litmus: error: no case is called %s; --list shows them' % error, file=sys.stderr)
        return EXIT_USAGE
    if options.list:
        print('\n'.join(name_of(case) for case in cases))
        return 0
    return 0 if run(cases, options.seconds, options.seed) else EXIT_FORBIDDEN


if __name__ == '__main__':
    sys.exit(main())

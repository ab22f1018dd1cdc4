"""Run litmus cases in this interpreter and print one JSON object a line.

    python -m portable_server.litmus row_01 --seconds 2          by hand
    python -m portable_server.litmus --after row_20.SharedGenerator    what a controller starts anew

The controller of the harness runs one such process on each interpreter. Each line is
flushed at once, keys are sorted, text is ASCII with JSON's escapes. Stable: fields may
be added, none is taken away. Lines, by ``event``:

``interpreter``  first. What ``compat.platform.describe()`` says (implementation, version,
             class, gil_enabled, gil_module, ...), and:
             pid         int
             cases       list of the names of the cases that will run, in this order
             seconds, quiet_seconds (or null), seed, patience, repeats    the options in force
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
``case``     with ``--describe``, which runs nothing: the fields of ``start``, and no other line
``gil``      before the end: gil_enabled, gil_module, jit_enabled, as they are by then
``end``      last, when all cases were run: fine (bool: nothing forbidden, no error)

Exit status: 0 fine, 1 something forbidden, 2 wrong usage or an error, 3 a hang, 130
interrupted. A process that ended in any other way, or without ``end``, ``hang`` or
``interrupted``, crashed: the outcome is CRASH, of the case that had its ``start`` last.
"""
from __future__ import absolute_import, division, print_function

import argparse
import json
import os
import sys
import traceback

from portable_server.compat import platform, process, threads
from portable_server.litmus import catalogue
from portable_server.litmus.case import CaseError, Forced, name_of, title_of
from portable_server.litmus.grades import CRASH, HANG, INTERESTING
from portable_server.litmus.racing import PATIENCE
from portable_server.litmus.schedule import due_outcome
from portable_server.litmus.stacks import as_text
from portable_server.litmus.varying import varied
from portable_server.litmus.verdict import FORCED, STRESSED, grade, run

EXIT_FORBIDDEN = 1
EXIT_USAGE = 2
EXIT_HANG = 3
EXIT_INTERRUPTED = 130

_printing = threads.Lock()


def report(event, **fields):
    """Print one JSON line and flush it: a crash must not lose what was said."""
    fields['event'] = event
    line = json.dumps(fields, sort_keys=True)
    with _printing:
        print(line)
        sys.stdout.flush()


def report_about(event, case):
    """Say all about a case that its reader needs, whatever becomes of it."""
    forced = issubclass(case, Forced)
    report(event, case=name_of(case), kind=FORCED if forced else STRESSED, rows=list(case.rows),
           title=title_of(case), lesson=_lesson(case), mends=_mended_by(case),
           due=due_outcome(case) if forced else None,
           expectations=[_as_fields(one) for one in case.expectations],
           crash=grade(case, CRASH), hang=grade(case, HANG))


def _lesson(case):
    return '\n'.join(line.strip() for line in (case.__doc__ or '').strip().splitlines())


def _mended_by(case):
    if case.mends is None or '.' in case.mends:
        return case.mends
    return name_of(case).split('.')[0] + '.' + case.mends


def _as_fields(expectation):
    return {'outcome': expectation.outcome, 'source': expectation.source,
            'grades': expectation.grades, 'grade': expectation.grade(platform.CLASS)}


def _counts(result):
    return {'rounds': result.rounds, 'seconds': round(result.seconds, 3)}


def report_verdict(verdict):
    """The line ``stressed``, ``forced`` or ``hang`` of a case that was run."""
    fields = _counts(verdict)
    fields.update(
        case=verdict.case, rounds_per_second=round(verdict.rounds_per_second, 1),
        outcomes=dict((name, one.count) for name, one in verdict.outcomes.items()),
        grades=dict((name, one.grade) for name, one in verdict.outcomes.items()),
        tracebacks=verdict.tracebacks)
    if hangs(verdict):
        _report_hang(verdict, fields)
    elif verdict.kind == FORCED:
        report('forced', outcome=(verdict.forbidden or [verdict.due])[0], due=verdict.due,
               kept=verdict.fine, **fields)
    else:
        report('stressed', one_at_a_time=verdict.one_at_a_time, **fields)


def _report_hang(verdict, fields):
    fields['rounds'] -= fields['outcomes'].pop(HANG)
    report('hang', kind=verdict.kind, grade=fields['grades'].pop(HANG), stacks=verdict.stacks,
           **fields)


def hangs(verdict):
    """bool: whether the case hangs, and was not meant to, so that this process is spoilt."""
    return HANG in verdict.outcomes and verdict.due != HANG


def run_case(case, options):
    """Run one case and report it; return its Verdict. Raises what its author's mistake raises."""
    report_about('start', case)

    def progress(so_far):
        report('progress', case=name_of(case), outcomes=so_far.outcomes, **_counts(so_far))

    verdict = run(case, _stress_time(case, options), options.seed, options.repeats, options.patience, progress)
    report_verdict(verdict)
    return verdict


def _stress_time(case, options):
    """Seconds (float): a case in whose table nothing is interesting here may have less."""
    may_race = INTERESTING in [one.grade(platform.CLASS) for one in case.expectations]
    return options.seconds if may_race else options.quiet_seconds or options.seconds


def report_error(case, error):
    """The line ``error`` of a case whose author made a mistake."""
    explained = '' if isinstance(error, CaseError) else as_text(traceback.format_exc())
    text = as_text(str(error))
    if not isinstance(error, CaseError):
        text = '%s: %s' % (type(error).__name__, text)
    report('error', case=name_of(case), message=' '.join(text.split()), traceback=explained)


def run_cases(cases, options):
    """Run the cases in order; return the exit status."""
    status = 0
    for case in cases:
        try:
            verdict = run_case(case, options)
        except Exception as error:      # of the case's own constructor or observer
            report_error(case, error)
            status = status or EXIT_USAGE
            continue
        if hangs(verdict):
            process.exit_now(EXIT_HANG)     # its threads will never end
        if not verdict.fine:
            status = EXIT_FORBIDDEN
    report('gil', gil_enabled=platform.gil_enabled(), gil_module=platform.gil_module(),
           jit_enabled=platform.jit_enabled())
    report('end', fine=status == 0)
    return status


def _parser():
    parser = argparse.ArgumentParser(prog='python -m portable_server.litmus', description=__doc__.split('\n')[0])
    add = parser.add_argument
    add('cases', nargs='*', metavar='CASE',
        help='a module (row_01), a case (row_01_lost_update.LostUpdate) or a row number (1); '
             'all without')
    add('--seconds', type=_positive, default=1.0, help='stress time of a case (default 1.0)')
    add('--quiet-seconds', type=_positive, metavar='SECONDS',
        help='stress time of a case in whose table nothing is interesting on this interpreter '
             '(default: as --seconds)')
    add('--seed', type=int, default=0, help='seed of what stress varies (default 0)')
    add('--repeats', type=_count, default=1, help='how often a forced case is run (default 1)')
    add('--patience', type=_positive, default=PATIENCE,
        help='seconds after which a batch hangs (default %s)' % PATIENCE)
    add('--after', metavar='CASE', help='begin behind this case')
    add('--package', default=catalogue.DEFAULT_PACKAGE,
        help='the package or module with the cases (default %s)' % catalogue.DEFAULT_PACKAGE)
    add('--list', action='store_true', help='print the names of the cases and end')
    add('--describe', action='store_true', help='print a JSON line on each case and end')
    return parser


def _positive(text):
    number = float(text)
    if not 0 < number < float('inf'):
        raise argparse.ArgumentTypeError('a number of seconds above 0, not %s' % text)
    return number


def _count(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError('at least 1, not %s' % text)
    return number


def _interrupted():
    report('interrupted')
    process.exit_now(EXIT_INTERRUPTED)


def _complain(text):
    print('litmus: error: ' + text, file=sys.stderr)
    return EXIT_USAGE


def _chosen(options):
    """The cases (list) that the command line asks for. Raises UnknownCase."""
    cases = catalogue.select(options.cases, options.package)
    return catalogue.behind(options.after, cases) if options.after else cases


def main(arguments=None):
    """The command line; returns the exit status, which the module's docstring lists."""
    options = _parser().parse_args(arguments)
    platform.watch_imports()
    try:
        cases = _chosen(options)
    except catalogue.UnknownCase as error:
        return _complain('no case is called %s; --list shows them' % error)
    except Exception:       # a module of cases that cannot be imported
        traceback.print_exc()
        return _complain('the cases of %s cannot be imported' % options.package)
    if options.list:
        print('\n'.join(name_of(case) for case in cases))
        return 0
    if options.describe:
        for case in cases:
            report_about('case', case)
        return 0
    with process.on_stop_signals(_interrupted):
        report('interpreter', pid=os.getpid(), cases=[name_of(case) for case in cases],
               seconds=options.seconds, quiet_seconds=options.quiet_seconds, seed=options.seed,
               patience=options.patience,
               repeats=options.repeats, varies=varied(), **platform.describe())
        return run_cases(cases, options)


if __name__ == '__main__':
    sys.exit(main())

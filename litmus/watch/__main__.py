"""Run any program under the watch; no change of the program is needed.

    python -m portable_server.litmus.watch -m portable_server chat --port 7007
    python -m portable_server.litmus.watch --hold-limit 0.5 program.py and its arguments

Each report goes to stderr when it comes, from a forked child as well, so that a program that
hangs has told why.  Exit status: 3 after a report, else the program's own.
"""
from __future__ import absolute_import, division, print_function

import argparse
import os
import runpy
import sys
import tempfile
import traceback

from portable_server.compat import threads
from portable_server.litmus import watch

REPORTED = 3    # exit status
HOLD_LIMIT = 1.0    # seconds: a program that serves shares its machine with others


class Records(object):
    """One line in a file for each report, of this process and of those forked from it."""

    def __init__(self):
        descriptor, self._path = tempfile.mkstemp(prefix='lock-watch-')
        os.close(descriptor)

    def take(self, report):
        """A new report: say it in full, and remember it."""
        sys.stderr.write('%s\n' % report)
        sys.stderr.flush()
        with open(self._path, 'a') as stream:       # opened now: a child has closed our files
            stream.write('%s of %s\n' % (report.kind, report.lock))

    def close(self):
        """The lines (list of str); the file is gone."""
        with open(self._path) as stream:
            lines = stream.read().splitlines()
        os.remove(self._path)
        return lines


def main(arguments):
    """Run what the arguments (list) ask for; the exit status."""
    options = parse(arguments)
    records = Records()
    session = watch.install(mode=options.mode, hold_limit=options.hold_limit)
    session.listeners.append(records.take)
    try:
        status = run(options)
        join_threads()
    finally:
        watch.uninstall()
        lines = records.close()
    print('lock watch: %s' % (', '.join(lines) or 'no report'), file=sys.stderr)
    for allowance in session.allowances.values():
        print('lock watch: allowed %s: %d times (%s)'
              % (allowance.name, allowance.used, allowance.why), file=sys.stderr)
    return REPORTED if lines else status


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog='python -m portable_server.litmus.watch',
        description='Run a program under the watch: locks held too long, waits with a lock held, '
                    'locks taken in two orders. Exit status 3 after a report.')
    parser.add_argument('--mode', choices=('report', 'raise'), default='report',
                        help='raise: the violation raises where it happens (default: %(default)s)')
    parser.add_argument('--hold-limit', type=float, default=HOLD_LIMIT, metavar='SECONDS',
                        help='a lock may be held for so long (default: %(default)s)')
    parser.add_argument('-m', dest='is_module', action='store_true',
                        help='the program is a module, as for python -m')
    parser.add_argument('program', help='path of a program, or name of a module')
    parser.add_argument('arguments', nargs=argparse.REMAINDER, help='what the program gets')
    return parser.parse_args(arguments)


def run(options):
    """Run the program in this thread as the main program; its exit status."""
    sys.argv[:] = [options.program] + options.arguments
    try:
        if options.is_module:
            runpy.run_module(options.program, run_name='__main__', alter_sys=True)
        else:
            sys.path[0] = os.path.dirname(os.path.abspath(options.program))
            runpy.run_path(options.program, run_name='__main__')
    except SystemExit as end:
        return status_of(end.code)
    except Exception:
        traceback.print_exc()
        return 1
    return 0


def status_of(code):
    """The exit status that `sys.exit(code)` means."""
    if code is None or isinstance(code, int):
        return code or 0
    print(code, file=sys.stderr)
    return 1


def join_threads():
    """As the interpreter does at its end: wait for all that are no daemons."""
    for thread in threads.enumerate():
        if thread is not threads.current_thread() and not thread.daemon:
            thread.join()


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

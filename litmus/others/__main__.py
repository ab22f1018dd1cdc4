"""Stress one library under the watch and print what was found as one line of JSON.

    python -m portable_server.litmus.others cachetools --rounds 200 --seconds 20 --seed 7

The object: library, version, promise, source; outcome, a word of

    kept    every round kept the promise
    broken  one did not: `broken` lists what was seen, and no more rounds were run
    failed  the program or the library raised: `error` is the traceback
    stuck   threads did not end: `error` has the stacks
    absent  the library is not here or not for this interpreter: `error` says why

rounds (run), seconds, seed, hold_limit; locks (how many were watched; null: not counted);
findings: objects with finding (its name), kind, operation, lock, message, acquired and violated
(lists of calls), text; interpreter:
`compat.platform.describe()`.

Exit status: 0 kept or absent, 1 broken, failed or stuck, 2 wrong usage. Findings are no
failure: who reads them knows which are expected.
"""
from __future__ import absolute_import, division, print_function

import argparse
import json
import sys

from portable_server.compat import platform, process
from portable_server.litmus import watch
from portable_server.litmus.others import NAMES, program
from portable_server.litmus.others.findings import findings
from portable_server.litmus.others.rounds import Stuck, race
from portable_server.litmus.stacks import as_text, raised_text

# A thread of a busy machine can be off the processor for a tenth of a second with any lock: what
# is held longer than this was held by the library, not by the machine.
HOLD_LIMIT = 1.0


def run(name, rounds=100, seconds=10.0, seed=0, hold_limit=HOLD_LIMIT):
    """dict: what the JSON has (see the module's text), of one library."""
    one = program(name)
    told = {'library': name, 'version': None, 'promise': one.PROMISE, 'source': one.SOURCE,
            'outcome': 'kept', 'broken': [], 'error': '', 'rounds': 0, 'seconds': 0.0,
            'seed': seed, 'hold_limit': hold_limit, 'interpreter': platform.describe()}
    with watch.installed(hold_limit=hold_limit, look_into=one.OPEN) as session:
        try:
            _race(one, told, rounds, seconds, seed)
        except Stuck as stuck:
            told.update(outcome='stuck', error=as_text(str(stuck)))
        except Exception:
            told.update(outcome='failed', error=raised_text())
        told.update(findings=findings(session.take()), locks=session.locks)
    return told


def _race(one, told, rounds, seconds, seed):
    try:
        library = one.load()
    except ImportError as error:
        told.update(outcome='absent', error=as_text(str(error)))
        return
    told['version'] = one.version(library)
    told['rounds'], spent, told['broken'] = race(one.stress, library, rounds, seconds, seed)
    told['seconds'] = round(spent, 3)
    if told['broken']:
        told['outcome'] = 'broken'


def _count(text):
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError('at least 1, not %s' % text)
    return number


def _positive(text):
    number = float(text)
    if not 0 < number < float('inf'):
        raise argparse.ArgumentTypeError('a number of seconds above 0, not %s' % text)
    return number


def _parser():
    parser = argparse.ArgumentParser(prog='python -m portable_server.litmus.others',
                                     description=__doc__.split('\n')[0])
    add = parser.add_argument
    add('library', nargs='?', choices=NAMES, metavar='LIBRARY', help=', '.join(NAMES))
    add('--rounds', type=_count, default=100, help='at most so many (default 100)')
    add('--seconds', type=_positive, default=10.0, help='begin no round after it (default 10)')
    add('--seed', type=int, default=0, help='of what the rounds vary (default 0)')
    add('--hold-limit', type=_positive, default=HOLD_LIMIT,
        help='seconds that a lock may be held (default %s)' % HOLD_LIMIT)
    add('--list', action='store_true', help='print the names and end')
    return parser


def main(arguments=None):
    """The command line; returns the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.list:
        print('\n'.join(NAMES))
        return 0
    if options.library is None:
        parser.error('which library? ' + ', '.join(NAMES))
    told = run(options.library, options.rounds, options.seconds, options.seed,
               options.hold_limit)
    print(json.dumps(told, sort_keys=True))
    sys.stdout.flush()
    status = int(told['outcome'] in ('broken', 'failed', 'stuck'))
    if told['outcome'] == 'stuck':
        process.exit_now(status)        # its threads will never end
    return status


if __name__ == '__main__':
    sys.exit(main())

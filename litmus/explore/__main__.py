"""Check one target and print the result as one line of JSON, for a controller.

    python -m portable_server.litmus.explore TARGET [--seed N] [--seconds S] [--executions N]
                                             [--replay TOKEN]

What the program under test prints goes to standard error.  Exit status: 0 where a result was
printed, whatever it is.
"""
from __future__ import absolute_import, division, print_function

import argparse
import json
import sys

from portable_server.compat import platform, process
from portable_server.litmus import explore
from portable_server.litmus.explore import report
from portable_server.litmus.stacks import as_text, raised_text


def _arguments():
    parser = argparse.ArgumentParser(prog='python -m portable_server.litmus.explore')
    parser.add_argument('target')
    parser.add_argument('--seed', type=int, default=0)
    parser.add_argument('--seconds', type=float, default=10.0)
    parser.add_argument('--executions', type=int, default=1000000)
    parser.add_argument('--replay', default=None)
    return parser.parse_args()


def _outcome(arguments):
    """The result as a dict for JSON."""
    try:
        result = explore.check(arguments.target, arguments.seed, arguments.seconds,
                               arguments.executions, arguments.replay)
    except (explore.TargetError, explore.TokenError) as error:
        return {'kind': 'could not be driven', 'title': str(error)}
    except explore.Uncontrolled as error:
        return {'kind': 'could not be driven', 'title': str(error), 'stacks': error.stacks}
    except Exception as error:
        return {'kind': 'error', 'title': '%s: %s' % (type(error).__name__, error),
                'stacks': raised_text()}
    return _described(result)


def _described(result):
    found = {'kind': result.kind, 'title': report.title(result), 'tests': result.tests,
             'schedules': result.executions, 'seconds': round(result.seconds, 3),
             'text': report.text(result)}
    failure = result.failure
    if failure is not None:
        found.update(token=failure.token, found_after=failure.found_after,
                     decisions=failure.decisions, repeats=failure.repeats,
                     interleaving=report.columns(failure), steps=report.steps(failure))
    return found


def main():
    """Print the result; end the process, whatever threads the program has left."""
    stream, sys.stdout = sys.stdout, sys.stderr
    outcome = _outcome(_arguments())
    outcome['interpreter'] = platform.describe()
    text = dict((name, as_text(value)) for name, value in outcome.items())
    stream.write(json.dumps(text, sort_keys=True) + '\n')
    stream.flush()
    process.exit_now(0)


if __name__ == '__main__':
    main()

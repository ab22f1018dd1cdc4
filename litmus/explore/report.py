"""What was found, as text for a person: the history, the interleaving in columns, what is right.

    thread 1                                  thread 2
    ----------------------------------------  ----------------------------------------
    withdraw(70)
      if self._balance >= amount:
          _balance = 100
                                              withdraw(70)
                                                ...
"""
from __future__ import absolute_import, division, print_function

import collections

from portable_server.litmus.explore import linear
from portable_server.litmus.explore.freezing import as_text
from portable_server.litmus.explore.recording import source_of
from portable_server.litmus.explore.run import DONE

#: kind: see `linear`; tests, executions: int; seconds: float; failure: Failure or None
Result = collections.namedtuple('Result', 'kind tests executions seconds failure note')

#: scenario, history, execution; rows: of the recorder; serial: of the Verdict; token: str;
#: decisions: how many; found_after: executions until it was found; repeats: bool
Failure = collections.namedtuple(
    'Failure', 'scenario history execution rows serial token decisions found_after repeats')

_WIDTH = 46


def title(result):
    """One line: what was found."""
    size = '%d schedules of %d tests' % (result.executions, result.tests)
    if result.kind == linear.OK:
        return 'no violation in %s' % size
    if result.kind == linear.NONDETERMINISTIC:
        return 'nondeterministic by itself: %s' % result.note
    return '%s (found after %d schedules)' % (result.kind, result.failure.found_after)


def calls_of(scenario):
    """The test as lines of text."""
    lines = ['x = %s' % scenario.new] + ['x.%s' % text for text in scenario.before]
    for number, calls in enumerate(scenario.threads):
        lines.append('thread %d: %s' % (number + 1, '; '.join('x.%s' % text for text in calls)))
    if scenario.after:
        lines.append('then: ' + '; '.join('x.%s' % text for text in scenario.after))
    return lines


def outcome_of(scenario, history):
    """The results of a history as lines of text: each call with its result."""
    lines = []
    for number, calls in enumerate(history.calls):
        for call in calls:
            lines.append('thread %d  %s -> %s' % (number + 1, call.text, _result(call)))
    for text, result in zip(scenario.after, history.after):
        lines.append('then      %s -> %s' % (text, as_text(result)))
    if len(history.after) > len(scenario.after) and history.after[-1] != ('dict', ()):
        lines.append('then      attributes %s' % as_text(history.after[-1]))
    return lines


def _result(call):
    if call.began is None:
        return 'did not begin'
    return 'waits for ever' if call.returned is None else as_text(call.result)


def columns(failure):
    """The interleaving as lines of text, a column for each thread."""
    number = len(failure.scenario.threads)
    lines = ['  '.join(('thread %d' % (one + 1)).ljust(_WIDTH) for one in range(number)).rstrip(),
             '  '.join('-' * _WIDTH for _ in range(number))]
    for row in failure.rows:
        if 1 <= row.actor <= number and row.line > 0:
            for text in _cell(row):
                lines.append(' ' * (row.actor - 1) * (_WIDTH + 2) + text)
    return lines


def _cell(row):
    text = '%4d %s' % (row.line, source_of(row.file, row.line))
    cells = [text if len(text) <= _WIDTH else text[:_WIDTH - 3] + '...']
    if row.waits:
        cells = ['     waits: %s' % row.waits]
    return cells + ['       %s' % value for value in row.values if '=' in value]


def serial_results(failure):
    """What serial orders give, each different result once, as lines of text."""
    lines, seen = [], set()
    for order, outcome, history in failure.serial:
        lines_of_one = outcome_of(failure.scenario, history)
        if tuple(lines_of_one) in seen:
            continue
        seen.add(tuple(lines_of_one))
        threads = ', '.join('thread %d' % (number + 1) for number in order)
        lines.append('  %s%s:' % (threads, '' if outcome == DONE else ' (%s)' % outcome))
        lines += ['    ' + line for line in lines_of_one]
    return lines


def text(result):
    """All of it (str)."""
    lines = [title(result)]
    failure = result.failure
    if failure is not None:
        lines += [''] + ['  ' + line for line in calls_of(failure.scenario)]
        lines += ['', 'what happened:']
        lines += ['  ' + line for line in outcome_of(failure.scenario, failure.history)]
        lines += [''] + ['  ' + line for line in columns(failure)]
        if failure.serial:
            lines += ['', 'one call after the other gives:'] + serial_results(failure)
        if not failure.repeats:
            lines += ['', 'the same schedule gave something else the next time']
        lines += ['', 'replay: %s' % failure.token]
    return '\n'.join(lines)

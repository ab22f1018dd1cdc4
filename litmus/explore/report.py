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
from portable_server.litmus.explore.recording import describe, name_of, source_of
from portable_server.litmus.explore.run import DONE

#: kind: see `linear`; tests, executions: int; seconds: float; failure: Failure or None
Result = collections.namedtuple('Result', 'kind tests executions seconds failure note')

#: scenario, history, execution; rows: of the recorder; serial: of the Verdict; token: str;
#: decisions: how many; serial: for a function,
#: who raised what; found_after: executions until it was found; repeats: bool
Failure = collections.namedtuple(
    'Failure', 'scenario history execution rows serial token decisions found_after repeats')

#: the kind of a function that raises
FAILS = 'fails'

_WIDTH = 46


def title(result):
    """One line: what was found."""
    size = '%d schedules of %d test%s' % (result.executions, result.tests,
                                          '' if result.tests == 1 else 's')
    if result.kind == linear.OK:
        return 'no violation in %s%s' % (size, ' (%s)' % result.note if result.note else '')
    if result.kind == linear.NONDETERMINISTIC:
        return 'nondeterministic by itself: %s' % result.note
    note = '; %s' % result.note if result.note else ''
    return '%s (found after %d schedule%s%s)' % (
        result.kind, result.failure.found_after, '' if result.failure.found_after == 1 else 's',
        note)


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
    names = _names(failure)
    lines = ['  '.join(name.ljust(_WIDTH) for name in names).rstrip(),
             '  '.join('-' * _WIDTH for _ in names)]
    for column, row in _rows(failure):
        for cell in _cell(row):
            lines.append(' ' * column * (_WIDTH + 2) + cell)
    return lines


def steps(failure):
    """The interleaving for programs: a dict for each step, with thread and file (str), line (int),
    source, waits and values (text), and again (bool: the rest of a line that was interrupted)."""
    names = _names(failure)
    return [{'thread': names[column], 'file': row.file, 'line': row.line, 'again': bool(row.again),
             'source': source_of(row.file, row.line), 'waits': row.waits or '',
             'values': [value for value in row.values if '=' in value]}
            for column, row in _rows(failure)]


def _names(failure):
    """The threads' names, in the order of their columns."""
    if failure.scenario is None:
        return [name_of(actor) for actor in failure.execution.run.actors]
    return ['thread %d' % (number + 1) for number in range(len(failure.scenario.threads))]


def _rows(failure):
    """Column and row of each step that has a line; the first actor of a class makes the object."""
    first = 0 if failure.scenario is None else 1
    columns_there = len(_names(failure))
    return [(row.actor - first, row) for row in failure.rows
            if 0 <= row.actor - first < columns_there and row.line > 0]


def _cell(row):
    text = '%4d %s%s' % (row.line, '... ' if row.again else '', source_of(row.file, row.line))
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


def _of_class(failure):
    lines = [''] + ['  ' + line for line in calls_of(failure.scenario)]
    lines += ['', 'what happened:']
    lines += ['  ' + line for line in outcome_of(failure.scenario, failure.history)]
    lines += [''] + ['  ' + line for line in columns(failure)]
    if failure.serial:
        lines += ['', 'one call after the other gives:'] + serial_results(failure)
    return lines


def _of_function(failure):
    lines = [''] + ['  ' + line for line in columns(failure)]
    return lines + [''] + ['%s: %s' % raised for raised in failure.serial]


def waits(failure):
    """Who waits for what in a deadlock, as lines of text."""
    run = failure.execution.run
    first = 0 if failure.scenario is None else 1
    return ['%s waits for: %s' % (name_of(actor), describe(waits_for))
            for actor, waits_for in run.stuck if actor.number >= first]


def text(result):
    """All of it (str)."""
    lines = [title(result)]
    failure = result.failure
    if failure is not None:
        lines += _of_class(failure) if failure.scenario else _of_function(failure)
        lines += waits(failure) and [''] + waits(failure)
        if not failure.repeats:
            lines += ['', 'the same schedule gave something else the next time']
        lines += ['', 'replay: %s' % failure.token]
    return '\n'.join(lines)

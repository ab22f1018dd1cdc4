"""A pytest plugin: run the collected tests against every mutant instead of once.

    python -m pytest --noconftest -o addopts= -p tests.compat.mutants.plugin \\
        tests/compat/test_locks.py

First all tests run as they are: they must pass, and show how long each takes.  Then each mutant
of the classes that the files test (`TESTED`) is put into `compat.threads` under the name of the
right one, until the first test fails.  A mutant may let a test wait for ever; so each test
runs in a thread of its own, and one that takes many times as long as with the right class has
failed as well (which is measured again then, for the machine may have got other work).

It prints one line for each mutant, "killed <class> <mutant> by <test>: <why>" or "survived <class>
<mutant>", and the run fails if one survived.
"""
from __future__ import absolute_import, division, print_function

import threading

import pytest

from portable_server.compat import clock, threads
from tests.compat.mutants import (wrong_barriers, wrong_broken_barriers, wrong_conditions,
                                  wrong_events, wrong_locks, wrong_notifications, wrong_queues,
                                  wrong_rlocks, wrong_semaphores, wrong_timers)
from tests.compat.mutants.right import RIGHT

MUTANTS = {
    'Lock': wrong_locks.LOCK,
    'RLock': wrong_rlocks.RLOCK,
    'Condition': wrong_conditions.CONDITION + wrong_notifications.CONDITION,
    'Event': wrong_events.EVENT,
    'Semaphore': wrong_semaphores.SEMAPHORE,
    'BoundedSemaphore': wrong_semaphores.BOUNDED,
    'Barrier': wrong_barriers.BARRIER + wrong_broken_barriers.BARRIER,
    'Timer': wrong_timers.TIMER,
    'Queue': wrong_queues.QUEUE,
    'LifoQueue': wrong_queues.LIFO,
    'PriorityQueue': wrong_queues.PRIORITY,
}
TESTED = {
    'test_locks': ('Lock', 'RLock'),
    'test_rlocks': ('RLock',),
    'test_conditions': ('Condition',),
    'test_condition_locks': ('Condition',),
    'test_wait_for': ('Condition',),
    'test_events': ('Event',),
    'test_semaphores': ('Semaphore', 'BoundedSemaphore'),
    'test_barriers': ('Barrier',),
    'test_timers': ('Timer',),
    'test_queues': ('Queue', 'LifoQueue', 'PriorityQueue'),
}
_ENDLESS = 'it does not end'
_RIGHT_LIMIT = 60.0             # seconds
_LEAST, _TIMES = 0.3, 10        # seconds; how often as long as with the right class


def pytest_runtestloop(session):
    """Instead of pytest's own, which the value that is returned keeps from running."""
    if session.testsfailed:     # to collect has failed, which pytest's own reports
        return None
    limits = dict((item, _limit(item)) for item in session.items)
    items = sorted(session.items, key=limits.get)       # what fails quickly comes first
    for kind in sorted(MUTANTS):
        concerned = [item for item in items if _tests(item, kind)]
        for mutant in MUTANTS[kind] if concerned else ():
            line = _line(kind, mutant, _killer(kind, mutant, concerned, limits))
            session.config.get_terminal_writer().line(line)
            session.testsfailed += line.startswith('survived')
    return True


def _tests(item, kind):
    """bool: whether this test is about the class `kind`."""
    about = TESTED[item.module.__name__.rpartition('.')[2]]
    own = _parameters(item).get('kind')
    return kind in about and (own not in about or own == kind)


def _limit(item):
    started = clock.monotonic()
    why = _failure(item, _RIGHT_LIMIT)
    if why:
        pytest.exit('%s fails without a mutant: %s' % (item.name, why), returncode=2)
    return max(_LEAST, _TIMES * (clock.monotonic() - started))


def _killer(kind, mutant, items, limits):
    """(the name of the first test that fails, why); None if there is none."""
    setattr(threads, kind, mutant)
    try:
        for item in items:
            why = _failure(item, limits[item])
            if why == _ENDLESS and _machine_was_slow(kind, item, limits):
                setattr(threads, kind, mutant)
                why = _failure(item, limits[item])
            if why:
                return item.name, why
    finally:
        setattr(threads, kind, RIGHT[kind])


def _machine_was_slow(kind, item, limits):
    """bool: whether the right class takes longer by now; the test has a new limit then."""
    before = limits[item]
    setattr(threads, kind, RIGHT[kind])
    limits[item] = max(before, _limit(item))
    return limits[item] > before


def _line(kind, mutant, killer):
    told = '%s %s' % (kind, mutant.__name__)
    return 'killed %s by %s: %s' % ((told,) + killer) if killer else 'survived ' + told


def _failure(item, limit):
    """str: why the test failed; None: it did not."""
    outcome = [_ENDLESS]

    def run():
        try:
            item.obj(**_parameters(item))
            outcome[0] = None
        except BaseException as error:      # pytest.fail's is no Exception
            outcome[0] = type(error).__name__

    thread = threading.Thread(target=run)
    thread.daemon = True
    thread.start()
    thread.join(limit)
    return outcome[0]


def _parameters(item):
    return item.callspec.params if hasattr(item, 'callspec') else {}

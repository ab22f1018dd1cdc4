"""Forced schedules: the outcome each time, hangs and exceptions among them; what run() judges."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import threads
from portable_server.litmus import Forced, actor, force, per_class, run, stress

SECONDS = 0.02


class Steps(Forced):
    """Two actors leave marks in the order of the schedule, one more after it."""

    schedule = 'b:x a:x b:y'
    outcome = 'baBc'

    def __init__(self):
        self.marks = ''

    @actor
    def a(self):
        self.at('x')
        self.marks += 'a'
        self.at('after')
        self.marks += 'c'

    @actor
    def b(self):
        self.at('x')
        self.marks += 'b'
        self.at('y')
        self.marks += 'B'

    def observe(self):
        return self.marks


class StepsRaising(Steps):
    """An actor that raises misses its other steps, and the schedule goes on without them."""

    schedule = 'b:x b:y a:x'
    outcome = 'raises KeyError'

    def b(self):
        self.at('x')
        raise KeyError('b')


class Deadlock(Forced):
    """Both take a lock that the other has, and wait for ever."""

    schedule = 'a:first b:first a:second'
    outcome = 'HANG'
    patience = 0.1

    def __init__(self):
        self.gate = threads.Event()

    @actor
    def a(self):
        self.at('first')
        self.at('second')
        self.gate.wait(20)

    @actor
    def b(self):
        self.at('first')

    def observe(self):
        return 'ended'


@pytest.mark.parametrize('case', [Steps, StepsRaising])
def test_a_schedule_is_followed_each_time(case):
    assert [force(case) for _ in range(20)] == [case.outcome] * 20


def test_a_forced_hang_is_an_outcome_with_stacks():
    gates = []

    class Kept(Deadlock):
        def __init__(self):
            super(Kept, self).__init__()
            gates.append(self.gate)

    verdict = run(Kept)
    gates[0].set()
    assert verdict.fine and list(verdict.outcomes) == ['HANG']
    assert 'in a\n' in verdict.stacks


def test_a_forced_case_may_be_stressed():
    assert stress(Steps, SECONDS).rounds > 0


def test_what_is_due_may_differ_by_class():
    found = per_class('x', J='y', P='z')
    assert [found[name] for name in ('G9', 'G10', 'FT', 'J', 'P', 'GP', 'U')] == list('xxxyzzx')


@pytest.mark.parametrize(('due', 'fine'), [(per_class('baBc'), True), (per_class('other'), False)])
def test_run_forces_and_judges(due, fine):
    verdict = run(type('Judged', (Steps,), {'outcome': due}), repeats=3)
    assert verdict.outcomes['baBc'].count == 3
    assert verdict.fine is fine and verdict.kind == 'forced'
    assert ('FORBIDDEN' in str(verdict)) is not fine

"""The litmus engine: outcomes are counted, graded, forced; faults are seen."""
from __future__ import absolute_import, division, print_function

import pytest

from compat import platform, threads
from litmus import (FORBIDDEN, INTERESTING, Case, Forced, Hang, ScheduleError, actor, catalogue,
                    expect, force, grade_of, stress)
from litmus.case import actors_of, name_of
from litmus.grades import CLASSES
from litmus.schedule import due_outcome

ROUNDS_SECONDS = 0.02
FORCED_REPEATS = 5


class Handshake(Case):
    """Each actor leaves its mark."""

    expectations = (expect('both', 'A', 'test'),)

    def __init__(self):
        self.marks = []

    @actor
    def second_written_first_by_name(self):
        self.marks.append(1)

    @actor
    def another(self):
        self.marks.append(2)

    def observe(self):
        return 'both' if sorted(self.marks) == [1, 2] else 'one'


class Raising(Handshake):
    """One actor raises."""

    @actor
    def another(self):
        raise KeyError('x')


class Endless(Handshake):
    """One actor waits for what never comes, until the test lets it go."""

    gate = None

    @actor
    def another(self):
        self.gate.wait(60)


class WrongSchedule(Handshake, Forced):
    """The schedule names a segment that no actor has."""

    schedule = 'another:nothing'
    patience = 0.2


class UnknownActor(WrongSchedule):
    """The schedule names an actor that does not exist."""

    schedule = 'nobody:x'


def cases():
    return catalogue.all_cases()


def test_actors_run_in_the_order_they_were_written():
    assert actors_of(Handshake) == ['second_written_first_by_name', 'another']


def test_every_round_runs_every_actor():
    result = stress(Handshake, ROUNDS_SECONDS)
    assert list(result.outcomes) == ['both']
    assert result.rounds == result.outcomes['both'] > 0


def test_an_exception_is_an_outcome():
    assert list(stress(Raising, ROUNDS_SECONDS).outcomes) == ['raises KeyError']


def test_a_hang_is_reported_and_not_waited_for():
    Endless.gate = threads.Event()
    with pytest.raises(Hang):
        stress(Endless, ROUNDS_SECONDS, patience=0.3)
    Endless.gate.set()


def test_unnamed_outcomes_are_forbidden():
    assert grade_of(Handshake.expectations, 'one', platform.CLASS) == FORBIDDEN


@pytest.mark.parametrize('letters', ['', 'B', 'A A', 'A A A A A A'])
def test_grades_are_one_or_five_letters(letters):
    with pytest.raises(ValueError):
        expect('x', letters, 'test')


def test_five_letters_follow_the_order_of_classes():
    expectation = expect('x', 'A I F I A', 'test')
    assert expectation.grade(CLASSES[1]) == INTERESTING
    assert expectation.grade(CLASSES[2]) == FORBIDDEN


@pytest.mark.parametrize('case', [UnknownActor])
def test_a_schedule_must_name_actors(case):
    with pytest.raises(ScheduleError):
        force(case)


def test_a_schedule_that_is_not_reached_is_an_error():
    with pytest.raises(ScheduleError):
        force(WrongSchedule)


def test_an_unknown_case_is_named():
    with pytest.raises(catalogue.UnknownCase):
        catalogue.select(['row_999'])


def test_cases_are_selected_by_row_module_and_name():
    by_row = catalogue.select(['1'])
    assert by_row == catalogue.select(['row_01_lost_update'])[:len(by_row)]
    assert catalogue.select([name_of(by_row[0])]) == by_row[:1]


@pytest.mark.lock_watch_off(why='cases break the rules on purpose, and race without a watch')
@pytest.mark.parametrize('case', cases(), ids=name_of)
def test_case(case):
    """Each case of the catalogue gives its forced outcome each time, or nothing forbidden."""
    if issubclass(case, Forced):
        due = due_outcome(case)
        repeats = 1 if due == 'impossible' else FORCED_REPEATS
        assert [force(case) for _ in range(repeats)] == [due] * repeats
    else:
        outcomes = stress(case, ROUNDS_SECONDS).outcomes
        seen = dict((name, grade_of(case.expectations, name, platform.CLASS)) for name in outcomes)
        assert FORBIDDEN not in seen.values(), seen


@pytest.mark.parametrize('case', cases(), ids=name_of)
def test_case_tells_its_lesson_and_its_sources(case):
    assert case.__doc__ and case.rows and len(actors_of(case)) >= 1
    assert all(expectation.source for expectation in case.expectations)

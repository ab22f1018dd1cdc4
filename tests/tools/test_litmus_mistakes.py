"""What the author of a case does wrong is said in one line that names the case and the remedy."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.litmus import (Case, CaseError, Forced, ScheduleError, actor, expect, force,
                                    per_class, run, stress)

SECONDS = 0.01


class Plain(Case):
    """A case without a mistake."""

    expectations = (expect('done', 'A', 'test'),)

    @actor
    def one(self):
        pass

    def observe(self):
        return 'done'


class NoActors(Case):
    """Nobody acts."""

    def observe(self):
        return 'done'


class NoObserver(Case):
    """Nobody looks."""

    @actor
    def one(self):
        pass


class SaysNothing(Plain):
    """The observer forgot its return."""

    def observe(self):
        pass


class TakenName(Plain):
    """An actor called like something of the engine's."""

    @actor
    def batch(self):
        pass


class NoTuple(Plain):
    """The comma is missing."""

    expectations = expect('done', 'A', 'test')


class NoExpectation(Plain):
    """A text where an expectation should be."""

    expectations = ('done',)


class Twice(Plain):
    """One outcome, two grades."""

    expectations = (expect('done', 'A', 'test'), expect('done', 'F', 'test'))


class NoRounds(Plain):
    """A batch of nothing."""

    batch = 0


@pytest.mark.parametrize(('case', 'hint'), [
    (NoActors, '@actor'), (NoObserver, 'observe(self)'), (SaysNothing, 'returned None'),
    (TakenName, 'cannot be called batch'), (NoTuple, 'comma'), (NoExpectation, "'done'"),
    (Twice, 'twice'), (NoRounds, 'at least 1')], ids=lambda value: getattr(value, '__name__', 'x'))
def test_a_mistake_in_a_case_is_reported(case, hint):
    with pytest.raises(CaseError) as raised:
        stress(case, SECONDS)
    text = str(raised.value)
    assert case.__name__ in text and hint in text and '\n' not in text


@pytest.mark.parametrize('thing', [Plain(), object, 'Plain', None],
                         ids=['instance', 'object', 'name', 'nothing'])
def test_only_a_class_of_cases_is_run(thing):
    with pytest.raises(CaseError):
        stress(thing, SECONDS)
    with pytest.raises(CaseError):
        run(thing, SECONDS)


def test_two_actors_of_one_name_are_reported():
    with pytest.raises(CaseError) as raised:
        class Clash(Case):      # noqa: F841
            @actor
            def one(self):
                pass

            @actor      # noqa: F811
            def one(self):  # noqa: F811
                pass
    assert 'two actors are called one' in str(raised.value)


def test_only_a_function_is_an_actor():
    with pytest.raises(CaseError):
        actor('name')


@pytest.mark.parametrize('letters', ['', 'B', 'AA', 'A I F I A', 'a'])
def test_a_grade_is_one_letter(letters):
    for grades in ((letters, 'test'), ('A', 'test', letters)):
        with pytest.raises(ValueError) as raised:
            expect('x', *grades[:2], **({'J': letters} if grades[2:] else {}))
        assert 'one letter' in str(raised.value)


def test_a_source_is_named():
    with pytest.raises(ValueError):
        expect('x', 'A', '')


def test_a_class_of_interpreters_is_one_of_the_table():
    for call in (lambda: per_class('x', JYTHON='y'), lambda: expect('x', 'A', 'y', JYTHON='F')):
        with pytest.raises(ValueError) as raised:
            call()
        assert 'G9, G10, FT, J, P' in str(raised.value)


class Steps(Forced):
    """Two actors with a segment each."""

    schedule = 'one:a two:b'
    outcome = 'done'

    @actor
    def one(self):
        self.at('a')

    @actor
    def two(self):
        self.at('b')

    def observe(self):
        return 'done'


def scheduled(text):
    return type('Scheduled', (Steps,), {'schedule': text, 'patience': 30.0})


@pytest.mark.parametrize(('text', 'hint'), [
    ('', 'no schedule'), ('one', 'actor:segment'), ('one:', 'actor:segment'),
    ('three:a two:b', 'one, two'), ('one:a two:c', "at 'b'"), ('one:x one:a two:b', "at 'a'"),
    ('one:a one:z two:b', 'ended before its step one:z')])
def test_a_mistake_in_a_schedule_is_reported_at_once(text, hint):
    """No patience is lost: the case has thirty seconds of it, more than the test's limit allows."""
    with pytest.raises(CaseError) as raised:
        force(scheduled(text))
    assert hint in str(raised.value)


def test_a_schedule_without_mistake_is_followed():
    assert force(Steps) == 'done'
    assert issubclass(ScheduleError, CaseError) and issubclass(CaseError, ValueError)


def test_force_wants_a_forced_case():
    with pytest.raises(CaseError) as raised:
        force(Plain)
    assert 'stress()' in str(raised.value)

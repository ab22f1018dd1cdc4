"""The litmus engine: outcomes are counted, graded, forced; faults are seen."""
from __future__ import absolute_import, division, print_function

import itertools

import pytest

from portable_server.compat import clock, platform, threads
from portable_server.litmus import (ACCEPTABLE, FORBIDDEN, INTERESTING, Case, Hang, actor, expect,
                                    grade_of, racing, run, stress, varying)
from portable_server.litmus.case import actors_of
from portable_server.litmus.sharing import Bystander, declares_globals

SECONDS = 0.02
count = 0
counts = {}


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
    """One actor raises; it overrides an actor, and so is one without the mark."""

    def another(self):
        raise KeyError('x')


class Leaving(Handshake):
    """One actor raises what is no Exception."""

    def another(self):
        raise SystemExit(3)


class Endless(Handshake):
    """One actor waits for what never comes, until the test lets it go."""

    gate = None

    def another(self):
        self.gate.wait(60)


class Crowd(Case):
    """Eight actors add one each, under a lock; two actors are made of one method."""

    expectations = (expect(8, 'A', 'test'),)

    def __init__(self):
        self.n = 0
        self.lock = threads.Lock()

    @actor
    def first(self):
        with self.lock:
            self.n += 1

    second, third, fourth = actor(first), actor(first), actor(first)
    fifth, sixth, seventh, eighth = actor(first), actor(first), actor(first), actor(first)

    def observe(self):
        return self.n


class Three(Crowd):
    """Three of them: an actor is taken back by None."""

    expectations = (expect((3, True), 'A', 'test'),)
    fourth = fifth = sixth = seventh = eighth = None

    def observe(self):
        return (self.n, True)


class Alone(Three):
    """One of them."""

    expectations = (expect('1', 'A', 'test'),)
    second = third = None

    def observe(self):
        return str(self.n)


class InGlobal(Case):
    """The state is a global of this module."""

    expectations = (expect(2, 'A', 'test'), expect(1, 'I', 'test'))

    def __init__(self):
        global count
        count = 0

    @actor
    def first(self):
        global count
        count += 1

    second = actor(first)

    def observe(self):
        return count


class InDict(Case):
    """The state is in a dict of this module: there is no global statement to tell."""

    expectations = InGlobal.expectations

    def __init__(self):
        counts['n'] = 0

    @actor
    def first(self):
        counts['n'] += 1

    second = actor(first)

    def observe(self):
        return counts['n']


class Shy(Handshake):
    """The observer of a round that was not run waits."""

    gate = None

    def observe(self):
        if not self.marks:
            self.gate.wait(60)
        return 'both'


def test_actors_run_in_the_order_they_were_written():
    assert actors_of(Handshake) == ['second_written_first_by_name', 'another']
    assert actors_of(Raising) == actors_of(Handshake)


def test_every_round_runs_every_actor():
    result = stress(Handshake, SECONDS)
    assert list(result.outcomes) == ['both']
    assert result.rounds == result.outcomes['both'] > 0
    assert result.rounds_per_second == pytest.approx(result.rounds / result.seconds)


@pytest.mark.parametrize(('case', 'due'), [(Alone, '1'), (Three, '(3, True)'), (Crowd, '8')])
def test_any_number_of_actors_and_any_outcome_with_a_text(case, due):
    verdict = run(case, SECONDS)
    assert (list(verdict.outcomes), verdict.fine) == ([due], True)


@pytest.mark.parametrize(('case', 'name'), [(Raising, 'KeyError'), (Leaving, 'SystemExit')])
def test_an_exception_is_an_outcome_with_its_traceback(case, name):
    result = stress(case, SECONDS)
    assert list(result.outcomes) == ['raises ' + name]
    assert 'in another' in result.tracebacks['raises ' + name]


def test_a_hang_is_reported_with_all_stacks_and_not_waited_for():
    Endless.gate = threads.Event()
    with pytest.raises(Hang) as raised:
        stress(Endless, SECONDS, patience=0.3)
    Endless.gate.set()
    assert 'in another' in raised.value.stacks
    assert raised.value.result.rounds == 0


def test_a_hang_is_an_outcome_of_run():
    Endless.gate = threads.Event()
    verdict = run(Endless, SECONDS, patience=0.3)
    Endless.gate.set()
    assert verdict.outcomes['HANG'] == (1, FORBIDDEN)
    assert not verdict.fine and 'in another' in verdict.stacks


def test_the_threads_of_a_case_end_with_an_observer_that_raises():
    class Blind(Handshake):
        def observe(self):
            return 1 // len(self.marks[2:])

    before = threads.active_count()
    with pytest.raises(ZeroDivisionError):
        stress(Blind, SECONDS)
    assert threads.active_count() == before


@pytest.mark.parametrize('case', [InGlobal, InDict])
def test_rounds_that_share_state_run_one_at_a_time(case):
    result = stress(case, 0.1)
    assert result.one_at_a_time and set(result.outcomes) <= set(['1', '2'])


def test_shared_state_is_found_in_the_source_or_by_a_bystander():
    assert declares_globals(InGlobal) and not declares_globals(InDict)
    bystander, one = Bystander(InDict), InDict()
    assert not bystander.has_noticed()
    one.first()
    assert bystander.has_noticed()


def test_an_observer_that_waits_is_left_alone(monkeypatch):
    monkeypatch.setattr('portable_server.litmus.sharing._LIMIT', 0.05)
    Shy.gate = threads.Event()
    result = stress(Shy, SECONDS)
    Shy.gate.set()
    assert list(result.outcomes) == ['both'] and not result.one_at_a_time


def test_actors_meet_twice_a_batch_however_many_rounds_it_has(monkeypatch):
    """There is nothing of the engine's between two rounds."""
    meetings, batches = [], []

    class Counting(racing._Crew):
        def meet(self, patience=None):
            if patience is not None:        # the main thread's
                meetings.append(patience)
            super(Counting, self).meet(patience)

        def run_batch(self, rounds, placement):
            batches.append(len(rounds))
            return super(Counting, self).run_batch(rounds, placement)

    monkeypatch.setattr(racing, '_Crew', Counting)
    stress(Handshake, 0.2)
    assert len(meetings) == 2 * len(batches)
    assert max(batches) > 1


def test_a_seed_repeats_what_is_varied():
    def first_hundred(seed):
        return list(itertools.islice(varying.variations(200, seed), 100))

    assert first_hundred(1) == first_hundred(1) != first_hundred(2)
    assert len(set(first_hundred(1))) > 20


def test_a_batch_of_one_is_always_one():
    assert set(each.length for each in itertools.islice(varying.variations(1, 0), 100)) == {1}


@pytest.mark.parametrize(('placement', 'due'), [
    (varying.FREE, [[0, 1, 5], [0, 1, 5], [0, 1, 5], [0, 1, 5]]),
    (varying.TOGETHER, [[0], [0], [0], [0]]), (varying.APART, [[0], [1], [5], [0]])])
def test_placements(placement, due):
    assert [varying.cpus_for(actor, placement, [0, 1, 5]) for actor in range(4)] == due


def test_actors_take_their_places_and_nobody_else_does(monkeypatch):
    before, seen = threads.get_affinity(), []

    class Placed(Handshake):
        def another(self):
            seen.append(tuple(threads.get_affinity()))
            super(Placed, self).another()

    monkeypatch.setattr(varying, '_PLACEMENTS', (varying.TOGETHER,))
    stress(Placed, SECONDS)
    assert tuple(before[:1]) in seen
    assert threads.get_affinity() == before


def test_long_rounds_make_short_batches():
    class Slow(Handshake):
        def another(self):
            clock.sleep(0.02)
            super(Slow, self).another()

    assert stress(Slow, 0.1).seconds < 5


def test_progress_is_reported_a_few_times_a_second_only():
    reports = []
    result = stress(Handshake, 0.5, progress=reports.append)
    assert len(reports) <= result.seconds * 5
    assert [result.rounds for result in reports] == sorted(result.rounds for result in reports)


def test_unnamed_outcomes_are_forbidden():
    assert grade_of(Handshake.expectations, 'one', platform.CLASS) == FORBIDDEN
    assert run(Raising, SECONDS).forbidden == ['raises KeyError']


def test_a_grade_is_of_all_classes_but_those_that_are_named():
    expectation = expect('x', 'A', 'test', G10='I', FT='F', P='I')
    assert [expectation.grade(name)[0] for name in 'G9 G10 FT J P'.split()] == list('aifai')


def test_graalpy_is_graded_as_pypy_until_it_is_named():
    assert expect('x', 'F', 'test', P='I').grade('GP') == INTERESTING
    assert expect('x', 'F', 'test', P='I', GP='A').grade('GP') == ACCEPTABLE


def test_nothing_is_forbidden_on_an_unknown_implementation():
    assert expect('x', 'A', 'test').grade('U') == ACCEPTABLE
    assert expect('x', 'A', 'test', J='F').grade('U') == INTERESTING
    assert expect('x', 'F', 'test').grade('U') == INTERESTING


def test_crash_and_hang_may_be_named_and_need_not_be():
    named = (expect('CRASH', 'F', 'test', FT='I'),)
    assert grade_of(named, 'CRASH', 'FT') == INTERESTING
    assert grade_of(named, 'HANG', 'FT') == FORBIDDEN

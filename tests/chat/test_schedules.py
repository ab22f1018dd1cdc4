"""The room under every interleaving of a small bound, and proof that this bites.

The actors are members (join, say, leave) and the consumer; the points are the room's
lock and its Condition.  Its state is marked: touched without the lock, it fails; with
the lock dropped on purpose, each touch is a point, and that is where the room breaks.
"""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.chat import protocol
from portable_server.chat.limits import Limits
from portable_server.chat.room import Batch, Refused, Room

from . import schedules
from .fakes import FakeMember, Hall, check_view, present


class MarkedRoom(Room):
    """The room, with its state marked."""

    def __init__(self, limits, run):
        Room.__init__(self, limits, locks=run)
        lines = schedules.marked(list, run, ('append', 'extend'))
        names = schedules.marked(dict, run, ('__contains__', '__setitem__', '__delitem__'))
        self._seats = names()
        self._batch.lines = lines()


class Stage(object):
    """A hall on a schedule; its actors are made by the methods below."""

    def __init__(self, run, **limits):
        self.run = run
        self.hall = Hall(room=MarkedRoom(Limits(**limits), run), **limits)
        self.seats = []
        self.refused = []

    def member(self, name, *texts):
        """An actor that joins, says each text and leaves."""
        def act():
            try:
                seat = self.hall.join(name, FakeMember())
            except Refused as refusal:
                self.refused.append(refusal.limit)
                return
            self.seats.append(seat)
            for text in texts:
                self.hall.say(seat, text)
            self.hall.room.leave(seat)
        return act

    def joiner(self, name):
        """An actor that joins, if it can, and stays."""
        def act():
            try:
                self.seats.append(self.hall.join(name, FakeMember()))
            except Refused as refusal:
                self.refused.append(refusal.limit)
        return act

    def consumer(self, times):
        """An actor that takes and spreads ``times`` batches."""
        def act():
            for _ in range(times):
                self.hall.sweep()
        return act

    def check(self):
        """Settle; then everybody has seen its slice, and everything was said once."""
        self.hall.settle()
        order = self.hall.order
        assert present(order) == []
        assert len(set(order)) == len(order), order
        for seat in self.seats:
            check_view(order, seat)

    def said_in_order(self, name, *texts):
        own = [line for line in self.hall.order if line.startswith(b'[' + name + b']')]
        assert own == protocol.said(name, texts), own


def three_members(run):
    stage = Stage(run)

    def check():
        stage.check()
        for name in (b'a', b'b', b'c'):
            stage.said_in_order(name, name)
    return [stage.member(name, name) for name in (b'a', b'b', b'c')], check


def two_members_and_the_consumer(run):
    stage = Stage(run)

    def check():
        stage.check()
        stage.said_in_order(b'a', b'1', b'2')
    return [stage.member(b'a', b'1', b'2'), stage.member(b'b', b'3'), stage.consumer(2)], check


def one_name_twice(run):
    stage = Stage(run)

    def check():
        stage.hall.settle()
        assert present(stage.hall.order) == []
        assert len(stage.seats) + len(stage.refused) == 2
    return [stage.member(b'a', b'1'), stage.member(b'a', b'2')], check


def a_full_backlog(run, names=(b'a', b'b', b'c')):
    """Every line fills the backlog: who joins waits until the one before was taken."""
    stage = Stage(run, queue_bytes=4)

    def consume():
        while len(stage.hall.order) < len(set(names)):
            run.point(wants=Awaited(stage.hall.room))
            stage.hall.sweep()

    def check():
        stage.hall.settle()
        assert sorted(present(stage.hall.order)) == sorted(set(names))
        for seat in stage.seats:
            check_view(stage.hall.order, seat)
    return [stage.joiner(name) for name in names] + [consume], check


def a_refusal_while_others_wait(run):
    """Who is woken and then refused leaves the space that it was woken for to the next."""
    return a_full_backlog(run, (b'a', b'a', b'b'))


def closing(run):
    stage = Stage(run)

    def check():
        stage.hall.settle()
        for seat in stage.seats:
            assert seat.member.received.count(protocol.CLOSING) + (
                protocol.left(seat.name) in stage.hall.order) == 1
        assert stage.hall.order[-1] == protocol.CLOSING
    return [stage.member(b'a', b'1'), stage.member(b'b', b'2'),
            lambda: stage.hall.room.close(protocol.CLOSING)], check


class Awaited(object):
    """Looks like a lock to the scheduler: free when there is something to take."""

    def __init__(self, room):
        self._room = room

    @property
    def owner(self):
        return None if self._room._batch.lines or self._room._lock.owner else self


SCENARIOS = [three_members, two_members_and_the_consumer, one_name_twice, a_full_backlog,
             a_refusal_while_others_wait, closing]


@pytest.mark.parametrize('scenario', SCENARIOS)
def test_the_room_holds_under_every_interleaving(scenario):
    count = schedules.explore(scenario)
    print('%s: %d schedules' % (scenario.__name__, count))
    assert count >= 6


@pytest.mark.parametrize('scenario', SCENARIOS[:3])
def test_a_room_without_its_lock_is_caught(scenario):
    with pytest.raises(schedules.Violation) as caught:
        schedules.explore(scenario, dropped=True)
    with pytest.raises((schedules.Violation, AssertionError)):
        replay(scenario, caught.value.choices)


def replay(scenario, choices):
    """The schedule that a Violation names makes it happen again."""
    run = schedules.Run(choices, dropped=True)
    actions, check = scenario(run)
    run.perform(actions)
    check()


class ForgetfulRoom(MarkedRoom):
    """Nobody knows that it waits: a lost wake-up."""

    def _wait_for_space(self):
        while self._is_full() and not self._closed:
            self._has_space.wait()


class SelfishRoom(MarkedRoom):
    """Who is woken does not wake the next: lost when the woken one is refused."""

    def _wait_for_space(self):
        while self._is_full() and not self._closed:
            self._waiting += 1
            self._has_space.wait()
            self._waiting -= 1


@pytest.mark.parametrize('broken, scenario', [
    (ForgetfulRoom, a_full_backlog), (SelfishRoom, a_refusal_while_others_wait)])
def test_a_lost_wake_up_is_caught_as_a_deadlock(monkeypatch, broken, scenario):
    monkeypatch.setattr('tests.chat.test_schedules.MarkedRoom', broken)
    with pytest.raises(schedules.Violation) as caught:
        schedules.explore(scenario)
    assert 'deadlock' in str(caught.value)


def test_a_batch_starts_empty():
    batch = Batch()
    assert not (batch.lines or batch.joined or batch.left or batch.spoke or batch.closing)

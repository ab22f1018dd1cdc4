"""The room with fake members: one thread, no sockets, every promise in turn."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import threads
from portable_server.chat import protocol
from portable_server.chat.room import Refused

from .fakes import FakeMember, Hall, check_view


def test_a_new_member_gets_the_list_and_the_others_a_notice():
    hall = Hall()
    ann, bob = hall.join(b'ann'), hall.join(b'bob')
    hall.settle()
    assert ann.member.lines() == [b'* The room contains: ', b'* bob has entered the room']
    assert bob.member.lines() == [b'* The room contains: ann']


def test_a_line_goes_to_every_other_member_and_not_back():
    hall = Hall()
    ann, bob, cid = [hall.join(name) for name in (b'ann', b'bob', b'cid')]
    hall.say(bob, b'hello', b'')
    hall.settle()
    for seat in (ann, cid):
        assert seat.member.lines()[-2:] == [b'[bob] hello', b'[bob] ']
    assert b'hello' not in bob.member.received


def test_join_and_leave_are_positions_in_the_order():
    hall = Hall()
    ann = hall.join(b'ann')
    hall.say(ann, b'before')
    bob = hall.join(b'bob')
    hall.say(ann, b'between')
    hall.room.leave(bob)
    hall.say(ann, b'after')
    hall.settle()
    assert bob.member.lines() == [b'* The room contains: ann', b'[ann] between']
    assert ann.member.lines()[1:] == [b'* bob has entered the room', b'* bob has left the room']


@pytest.mark.parametrize('sweeps', range(2 ** 6))
def test_where_the_batches_are_cut_makes_no_difference(sweeps):
    hall, seats = Hall(), {}
    steps = [lambda: seats.update(a=hall.join(b'a')), lambda: seats.update(b=hall.join(b'b')),
             lambda: hall.say(seats['a'], b'1', b'2'), lambda: hall.say(seats['b'], b'3'),
             lambda: hall.room.leave(seats['a']), lambda: hall.say(seats['b'], b'4')]
    for number, step in enumerate(steps):
        step()
        if sweeps & 1 << number:
            hall.sweep()
    hall.settle()
    for seat in seats.values():
        check_view(hall.order, seat)


def test_a_name_is_refused_while_it_is_in_use_and_free_again_after():
    hall = Hall()
    ann = hall.join(b'ann')
    with pytest.raises(Refused) as caught:
        hall.join(b'ann')
    assert caught.value.limit == 'name_in_use' and caught.value.line.startswith(b'!')
    hall.room.leave(ann)
    assert hall.join(b'ann') is not ann


def test_one_stay_under_a_name_does_not_see_the_next_one_under_it():
    hall = Hall()
    first = hall.join(b'ann')
    bob = hall.join(b'bob')
    hall.room.leave(first)
    second = hall.join(b'ann')
    hall.say(bob, b'who is ann')
    hall.settle()
    assert b'who is ann' not in first.member.received
    assert second.member.lines() == [b'* The room contains: bob', b'[bob] who is ann']


def test_a_full_room_refuses():
    hall = Hall(members=2)
    hall.join(b'ann'), hall.join(b'bob')
    with pytest.raises(Refused) as caught:
        hall.join(b'cid')
    assert caught.value.limit == 'members'


def test_leaving_twice_or_speaking_afterwards_changes_nothing():
    hall = Hall()
    ann = hall.join(b'ann')
    assert hall.room.leave(ann)
    assert not hall.room.leave(ann)
    assert not hall.say(ann, b'ghost')
    hall.settle()
    assert len(hall.order) == 2


def test_a_farewell_is_the_last_line_and_comes_after_all_that_was_due():
    hall = Hall()
    ann, bob = hall.join(b'ann'), hall.join(b'bob')
    hall.say(ann, b'hello')
    hall.room.leave(bob, b'! line too long\n')
    hall.settle()
    assert bob.member.lines()[-2:] == [b'[ann] hello', b'! line too long']
    assert ('finished', b'bob') in hall.watcher.events


def test_closing_is_the_last_position_of_the_order():
    hall = Hall()
    ann, bob = hall.join(b'ann'), hall.join(b'bob')
    hall.say(ann, b'hello')
    assert hall.room.close(b'* server is closing\n')
    assert not hall.room.close(b'* server is closing\n')
    assert not hall.say(ann, b'too late')
    with pytest.raises(Refused):
        hall.join(b'cid')
    hall.settle()
    assert bob.member.lines()[-2:] == [b'[ann] hello', b'* server is closing']
    assert ann.member.lines()[-1] == b'* server is closing'
    assert hall.fanout.outboxes == {}
    assert not hall.room.leave(ann)


def test_a_member_that_takes_little_at_a_time_gets_the_same_lines():
    hall = Hall()
    ann, bob = hall.join(b'ann'), hall.join(b'bob', FakeMember(capacity=30))
    hall.settle()
    for number in range(50):
        hall.say(ann, b'line %d' % number if bytes is str else ('line %d' % number).encode())
        hall.settle()
        bob.member.capacity += 7
        hall.fanout.resume(hall.fanout.outboxes[bob])
    bob.member.capacity = None
    hall.fanout.resume(hall.fanout.outboxes[bob])
    check_view(hall.order, bob)
    assert hall.watcher.events == [('blocked', b'bob'), ('unblocked', b'bob')]
    assert hall.fanout.outboxes[bob].lines == hall.fanout.outboxes[bob].bytes == 0


def stalled_hall(**limits):
    hall = Hall(**limits)
    ann = hall.join(b'ann')
    hall.settle()       # a small queue makes for a small backlog: join would wait
    bob = hall.join(b'bob', FakeMember(capacity=35))
    hall.settle()
    return hall, ann, bob


@pytest.mark.parametrize('limits, fits', [
    ({'queue_lines': 5}, 5), ({'queue_bytes': 60}, 5), ({'queue_bytes': 59}, 4)])
def test_a_slow_member_is_cut_off_exactly_beyond_its_limit(limits, fits):
    hall, ann, bob = stalled_hall(**limits)
    bob.member.capacity = len(bob.member.received)
    for number in range(fits + 1):
        assert ('too slow', b'bob') not in hall.watcher.events, number
        hall.say(ann, b'hello')         # "[ann] hello\n" are 12 bytes
        hall.settle()
    assert ('too slow', b'bob') in hall.watcher.events
    assert not bob.seated
    assert ann.member.lines()[-1] == b'* bob has left the room'


def test_a_member_disconnected_in_the_middle_of_a_line_gets_its_rest_and_a_reason():
    hall, ann, bob = stalled_hall(queue_lines=3)
    for _ in range(5):
        hall.say(ann, b'hello')
        hall.settle()
    assert not bob.seated
    bob.member.capacity = None
    hall.fanout.resume(hall.fanout.outboxes[bob])
    assert bob.member.lines() == [b'* The room contains: ann', b'[ann] hello',
                                  b'! cut off: you read too slowly']
    assert hall.watcher.events[-1] == ('finished', b'bob')
    assert bob not in hall.fanout.outboxes


def test_a_slow_member_changes_nothing_for_the_others():
    hall, ann, bob = stalled_hall(queue_lines=3)
    cid = hall.join(b'cid')
    hall.settle()
    for _ in range(10):
        hall.say(ann, b'hello')
        hall.settle()
    assert cid.member.lines().count(b'[ann] hello') == 10


def test_a_member_whose_connection_fails_has_left():
    hall = Hall()
    ann, bob = hall.join(b'ann'), hall.join(b'bob')
    hall.settle()
    bob.member.gone = True
    hall.say(ann, b'hello')
    hall.settle()
    assert ('failed', b'bob') in hall.watcher.events
    assert ann.member.lines()[-1] == b'* bob has left the room'


def test_slow_members_share_one_text():
    hall = Hall()
    ann = hall.join(b'ann')
    slow = [hall.join(name, FakeMember(capacity=0)) for name in (b'b', b'c', b'd')]
    hall.settle()
    hall.say(ann, b'x' * 1000)
    hall.settle()
    texts = [hall.fanout.outboxes[seat].pieces[-1][0] for seat in slow]
    assert all(text is texts[0] for text in texts)


def test_the_room_says_once_that_there_is_something_to_take():
    woken = []
    hall = Hall()
    hall.room._wake = lambda: woken.append(1)
    ann = hall.join(b'ann')
    hall.say(ann, b'hello')
    assert len(woken) == 1
    hall.settle()
    hall.room.leave(ann)
    assert len(woken) == 2


class Door(FakeMember):
    """Somebody joins while this member is being sent to."""

    hall = None

    def send(self, data):
        hall, Door.hall = Door.hall, None
        if hall is not None:
            hall.late = hall.join(b'late')
        return FakeMember.send(self, data)


def test_who_joins_in_the_middle_of_a_sweep_is_greeted_in_it(monkeypatch):
    monkeypatch.setattr('portable_server.chat.fanout.GREET_EVERY', 1)
    hall = Hall()
    seats = [hall.join(name, Door()) for name in (b'a', b'b', b'c')]
    hall.settle()
    hall.join(b'd')
    Door.hall = hall
    hall.sweep()
    assert len(hall.late.member.lines()) == 1       # its list of names, and nothing else yet
    hall.say(seats[0], b'hello')
    hall.settle()
    for seat in seats + [hall.late]:
        check_view(hall.order, seat)
    assert hall.late.member.lines()[1:] == [b'[a] hello']


def test_lists_of_names_fill_the_backlog_only_until_they_are_handed_out():
    hall = Hall(queue_bytes=4096)
    hall.join(b'a')
    hall.settle()
    before = hall.room.backlog()[1]
    seats = [hall.join(name) for name in (b'b', b'c')]
    _, size = hall.room.backlog()
    assert [names for _, _, names in hall.room.newcomers()] == [[b'a'], [b'a', b'b']]
    notices = sum(len(protocol.entered(seat.name)) for seat in seats)
    assert hall.room.backlog()[1] == before + notices < size
    assert not hall.room.newcomers()


def test_who_waits_to_join_goes_on_when_lists_of_names_are_handed_out():
    hall = Hall(queue_bytes=240)        # a quarter of it: two notices, but not a list too
    hall.join(b'a'), hall.join(b'b')
    late = threads.Thread(target=hall.join, args=(b'c',), daemon=True)
    late.start()
    late.join(0.05)
    assert late.is_alive()
    hall.room.newcomers()
    late.join(30)
    assert not late.is_alive()

"""The public protocol over connections, the same for every design."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import sockets

from .fakes import repr_of_text
from .running import DESIGNS, house


@pytest.fixture(params=DESIGNS)
def room(request):
    with house(request.param) as running:
        yield running


def test_a_conversation(room):
    ann = room.client(b'ann')
    assert not ann.greeting.startswith(b'!')
    assert ann.roster == b'* The room contains: '
    bob = room.client(b'bob')
    assert bob.roster == b'* The room contains: ann'
    assert ann.line() == b'* bob has entered the room'
    ann.send(b'hello\nworld\n')
    assert bob.lines(2) == [b'[ann] hello', b'[ann] world']
    bob.send(b'hi\r\n')
    assert ann.line() == b'[bob] hi'
    bob.close()
    assert ann.line() == b'* bob has left the room'


@pytest.mark.parametrize('name', [b'', b'two words', b'x' * 33, b'\xc3\xa9', b'-'],
                         ids=repr_of_text)
def test_a_bad_name_gets_one_error_line_and_no_notice_to_others(room, name):
    ann = room.client(b'ann')
    client = room.client()
    client.send(name + b'\n')
    answer = client.rest()
    assert len(answer) == 1 and answer[0].startswith(b'!')
    room.client(b'bob')
    assert ann.line() == b'* bob has entered the room'


def test_a_name_in_use_is_refused_and_free_after(room):
    ann, watcher = room.client(b'ann'), room.client(b'watcher')
    twin = room.client()
    twin.send(b'ann\n')
    assert twin.rest()[0].startswith(b'!')
    ann.close()
    assert watcher.line() == b'* ann has left the room'
    assert room.client(b'ann').roster == b'* The room contains: watcher'


def test_who_has_no_name_hears_nothing_and_is_never_mentioned(room):
    silent, ann, bob = room.client(), room.client(b'ann'), room.client(b'bob')
    ann.send(b'hello\n')
    assert bob.line() == b'[ann] hello'
    silent.socket.shutdown(sockets.SHUT_WR)
    assert silent.rest() == []
    bob.send(b'over\n')
    assert ann.lines(2) == [b'* bob has entered the room', b'[bob] over']


def test_a_partial_last_line_is_dropped(room):
    ann, bob = room.client(b'ann'), room.client(b'bob')
    bob.send(b'whole\npart')
    bob.close()
    assert ann.lines(3)[1:] == [b'[bob] whole', b'* bob has left the room']


def test_a_name_without_its_newline_is_no_name(room):
    ann, client = room.client(b'ann'), room.client()
    client.send(b'bob')
    client.close()
    room.client(b'cid')
    assert ann.line() == b'* cid has entered the room'


def test_lines_may_come_in_any_pieces(room):
    ann, bob = room.client(b'ann'), room.client()
    for byte in b'bob\r', b'\none\ntwo\r\nth', b'ree\n':
        bob.send(byte)
    assert ann.lines(4) == [b'* bob has entered the room', b'[bob] one', b'[bob] two', b'[bob] three']
    for position in range(5):
        bob.send(b'slow\n'[position:position + 1])
    assert ann.line() == b'[bob] slow'


def test_a_line_of_the_limit_is_carried_and_one_byte_more_is_not(room):
    ann, bob = room.client(b'ann'), room.client(b'bob')
    assert ann.line() == b'* bob has entered the room'
    bob.send(b'x' * 4096 + b'\n')
    assert ann.line() == b'[bob] ' + b'x' * 4096
    bob.send(b'before\n' + b'y' * 4097 + b'\nafter\n')
    assert bob.rest() == [b'! line too long: the limit is 4096']
    assert ann.lines(2) == [b'[bob] before', b'* bob has left the room']
    assert room.reached() == {'line_length': 1}


def test_an_endless_line_is_ended(room):
    bob = room.client(b'bob')
    bob.send(b'z' * 20000)
    assert bob.rest() == [b'! line too long: the limit is 4096']


def test_half_closing_gets_all_that_was_due(room):
    ann, bob = room.client(b'ann'), room.client(b'bob')
    ann.send(b'one\n')
    assert bob.line() == b'[ann] one'
    bob.send(b'bye\n')
    bob.socket.shutdown(sockets.SHUT_WR)
    assert bob.rest() == []
    assert ann.lines(3)[1:] == [b'[bob] bye', b'* bob has left the room']


def test_a_reset_is_a_leave_and_disturbs_nobody(room):
    ann, bob, cid = [room.client(name) for name in (b'ann', b'bob', b'cid')]
    assert bob.line() == b'* cid has entered the room'
    bob.reset()
    ann.until(b'* bob has left the room')
    ann.send(b'still here\n')
    assert cid.lines(2) == [b'* bob has left the room', b'[ann] still here']

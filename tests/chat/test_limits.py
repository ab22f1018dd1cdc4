"""Each limit: its line to the client, its counter, and nobody else disturbed."""
from __future__ import absolute_import, division, print_function

import logging

import pytest

from .running import await_true, house


def test_the_room_is_full(caplog):
    with caplog.at_level(logging.INFO), house(members=2) as room:
        ann = room.client(b'ann')
        room.client(b'bob')
        cid = room.client()
        cid.send(b'cid\n')
        assert cid.rest() == [b'! room is full']
        assert room.reached() == {'members': 1}
        ann.close()
        await_true(lambda: room.service.server.report()['members'] == 1, 'ann has not left')
        assert room.client(b'cid').roster == b'* The room contains: bob'
    assert 'limit members reached' in caplog.text


def test_too_many_connections():
    with house(connections=1) as room:
        room.client(b'ann')
        second = room.client()
        assert second.greeting == b'! too many connections'
        assert second.rest() == []
        assert room.reached() == {'connections': 1}


@pytest.mark.parametrize('sent', [b'', b'half a na'], ids=['nothing', 'half'])
def test_a_client_without_a_name_in_time_gets_a_reason_and_is_closed(sent):
    with house(handshake=0.2) as room:
        ann = room.client(b'ann')
        client = room.client()
        client.send(sent)
        assert client.rest() == [b'! no name within the time limit']
        assert room.reached() == {'handshake': 1}
        room.client(b'bob')         # the time limit of ann's handshake does not concern her
        assert ann.line() == b'* bob has entered the room'


def test_a_client_that_does_not_close_after_its_refusal_is_closed():
    with house(farewell=0.2) as room:
        client = room.client()
        client.send(b'not a name\n')
        assert client.line().startswith(b'!')
        await_true(lambda: len(room.server.live) == 0, 'the connection lives on')


def test_joins_leaves_and_cut_offs_are_logged_once_each(caplog):
    with caplog.at_level(logging.INFO), house() as room:
        ann, bob = room.client(b'ann'), room.client(b'bob')
        bob.close()
        ann.lines(2)
        await_true(lambda: 'leave bob' in caplog.text, 'no line for bob')
    for event in ('join ann', 'join bob', 'leave bob: closed by its client'):
        assert caplog.text.count(event) == 1, caplog.text

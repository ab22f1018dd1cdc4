"""Many members at once, and one total order for all of them (docs/litmus-catalogue.md, 59 to 62).

Each client writes down what it got.  Here the server runs in the same process; the
judge of recorded histories with clients in another process is portable_harness/chat.
"""
from __future__ import absolute_import, division, print_function

import os
import random

import pytest

from portable_server.compat import threads

from .running import DESIGNS, PATIENCE, house

MEMBERS, LINES = 6, 30


class Talker(threads.Thread):
    """Joins, says numbered lines in random pieces, leaves when all that must come has come."""

    def __init__(self, room, number, together):
        threads.Thread.__init__(self)
        self.name_on_wire = ('t%d' % number).encode()
        self._room, self._together = room, together
        self._choices = random.Random('%s %d' % (os.environ['PORTABLE_SEED'], number))
        self.got, self.error = [], None

    def run(self):
        try:
            self._talk()
        except Exception as error:
            self.error = error

    def _talk(self):
        client = self._room.client(self.name_on_wire)
        self._together.wait(PATIENCE)
        data = b''.join(b'%s\n' % str(number) if bytes is str else b'%d\n' % number
                        for number in range(LINES))
        while data:
            size = self._choices.randint(1, 40)
            client.send(data[:size])
            data = data[size:]
        while sum(line.startswith(b'[') for line in self.got) < (MEMBERS - 1) * LINES:
            self.got.append(client.line())


def said(lines):
    return [line for line in lines if line.startswith(b'[')]


@pytest.mark.parametrize('design', DESIGNS)
def test_one_order_for_all_nothing_lost_nothing_twice_nothing_torn(design):
    together = threads.Barrier(MEMBERS)
    with house(design) as room:
        talkers = [Talker(room, number, together) for number in range(MEMBERS)]
        for talker in talkers:
            talker.start()
        for talker in talkers:
            talker.join(2 * PATIENCE)
        assert [talker.error for talker in talkers] == [None] * MEMBERS
    for talker in talkers:
        own = b'[' + talker.name_on_wire + b'] '
        assert not any(line.startswith(own) for line in talker.got)
        check_senders(talker, talkers)
    for member in talkers:
        for other in talkers:
            check_same_order(member, other)


def check_senders(talker, talkers):
    """Every line of every other member, once, in its sender's order."""
    for sender in talkers:
        prefix = b'[' + sender.name_on_wire + b'] '
        heard = [line[len(prefix):] for line in talker.got if line.startswith(prefix)]
        assert heard == ([] if sender is talker else
                         [str(number).encode() for number in range(LINES)])


def check_same_order(one, other):
    """What both got, both got in the same order."""
    common = set(said(one.got)) & set(said(other.got))
    assert ([line for line in said(one.got) if line in common]
            == [line for line in said(other.got) if line in common])


@pytest.mark.parametrize('design', DESIGNS)
def test_comings_and_goings_are_seen_alike_by_all_who_stay(design):
    with house(design) as room:
        stayers = [room.client(name) for name in (b'stay1', b'stay2')]
        visitors = [threads.Thread(target=visit, args=(room, number)) for number in range(8)]
        for thread in visitors:
            thread.start()
        for thread in visitors:
            thread.join(PATIENCE)
        ending = room.client(b'ending')
        seen = [client.until(b'* ending has entered the room') for client in stayers]
        ending.close()
    events = [[line for line in lines if b'visitor' in line] for lines in seen]
    assert events[0] == events[1]
    assert len(events[0]) == 8 * 3


def visit(room, number):
    client = room.client(('visitor%d' % number).encode())
    client.send(b'I am visitor\n')
    sockets_end(client)


def sockets_end(client):
    """Leave and wait until the server has seen it: its end of the stream comes after."""
    from portable_server.compat import sockets
    client.socket.shutdown(sockets.SHUT_WR)
    client.rest()

"""Closing: the notice, the drain, the threads, the port (docs/litmus-catalogue.md, row 64)."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import errors, sockets, threads

from .running import DESIGNS, PATIENCE, Client, house

STUCK = 20.0    # seconds; the promise is 2 s and the drain, the rest is a starved machine's


@pytest.mark.parametrize('design', DESIGNS)
def test_members_get_the_notice_after_all_that_was_said(design):
    with house(design) as room:
        ann, bob = room.client(b'ann'), room.client(b'bob')
        ann.lines(1)
        ann.send(b''.join(b'line\n' for _ in range(100)))
        bob.line()
        room.stop()
        lines = bob.rest()
        assert lines[-1] == b'* server is closing'
        assert set(lines[:-1]) <= set([b'[ann] line'])
        assert ann.rest() == [b'* server is closing']


@pytest.mark.parametrize('design', DESIGNS)
def test_stopping_is_bounded_with_members_that_do_not_close(design):
    with house(design, drain=1.0) as room:
        for number in range(10):
            room.client(b'm%d' % number if bytes is str else ('m%d' % number).encode())
        room.client()
        assert room.stop() < STUCK


@pytest.mark.parametrize('design', DESIGNS)
def test_the_port_is_free_at_once_and_stop_twice_is_safe(design):
    with house(design) as room:
        room.client(b'ann')
        room.stop()
        room.stop()
        sockets.create_server(room.server.address).close()


def test_a_member_that_never_reads_does_not_hold_the_end_up():
    with house(drain=0.5, queue_bytes=2 ** 26, queue_lines=2 ** 26) as room:
        ann = room.client(b'ann')
        room.client(b'bob', receive_buffer=65536)
        for _ in range(800):
            ann.send(b''.join([b'y' * 999 + b'\n'] * 16))
        assert room.stop() < STUCK


def come_and_go(address, stop):
    """Connect, join, speak and vanish until told to stop."""
    number = 0
    while not stop.is_set():
        number += 1
        try:
            client = Client(address, b'storm%d' % number if bytes is str
                            else ('storm%d' % number).encode())
        except (errors.SocketError, AssertionError):
            continue        # it has closed itself
        try:
            client.send(b'hello\n')
        except errors.SocketError:
            pass
        finally:
            client.close()


@pytest.mark.parametrize('design', DESIGNS)
def test_stopping_in_a_storm_of_connections(design):
    stop = threads.Event()
    with house(design) as room:
        storm = [threads.Thread(target=come_and_go, args=(room.server.address, stop))
                 for _ in range(3)]
        for thread in storm:
            thread.start()
        ann = room.client(b'ann')
        ann.lines(5)
        took = room.stop()
        stop.set()
        for thread in storm:
            thread.join(PATIENCE)
        assert took < STUCK
        assert ann.rest()[-1] == b'* server is closing'

"""A member that never reads (docs/litmus-catalogue.md, row 63), and what the naive design does."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import errors, threads

from .running import NAIVE, PATIENCE, house
from .slowness import LINE, speak_until, speak_until_bob_has_left

@pytest.mark.parametrize('design', ['objects', 'mailboxes'])
def test_who_never_reads_is_cut_off_and_the_others_miss_nothing(design):
    with house(design, queue_bytes=512 * 1024, farewell=0.5) as room:
        speaker, reader = room.client(b'speaker'), room.client(b'reader')
        room.client(b'bob', receive_buffer=65536)
        assert reader.line() == b'* bob has entered the room'
        speak_until_bob_has_left(speaker, reader)
        assert room.reached() == {'queue': 1}


def test_a_slow_member_that_reads_again_in_time_gets_a_reason():
    with house(queue_bytes=512 * 1024, farewell=PATIENCE) as room:
        speaker, reader = room.client(b'speaker'), room.client(b'reader')
        bob = room.client(b'bob', receive_buffer=65536)
        reader.line()
        speak_until_bob_has_left(speaker, reader)
        lines = bob.rest()
        assert lines[-1] == b'! cut off: you read too slowly'
        assert set(lines[:-1]) == set([LINE])


def first_who_cannot_join(room, stop):
    """Join again and again until nobody answers, which is the stall."""
    for number in range(1000):
        assert not stop.is_set(), 'all was sent, and nothing stalled'
        late = room.client()
        late.send(('late%d\n' % number).encode())
        late.socket.settimeout(0.5)
        try:
            late.line()
        except errors.TimeoutError:
            return late
        late.close()


@NAIVE
def test_with_one_global_lock_who_never_reads_stops_everybody():
    """Expected, not wanted: the failure of the design that the course begins with."""
    with house('global-lock', drain=0.2) as room:
        speaker, reader = room.client(b'speaker'), room.client(b'reader')
        bob = room.client(b'bob', receive_buffer=65536)
        reader.line()
        stop = threads.Event()
        reading = threads.Thread(target=reader.rest)
        speaking = threads.Thread(target=speak_until, args=(speaker, stop))
        reading.start()
        speaking.start()
        late = first_who_cannot_join(room, stop)
        bob.close()                 # only the end of the stalled connection ends the stall
        late.socket.settimeout(PATIENCE)
        assert late.line().startswith(b'* The room contains:')
        stop.set()
        room.stop()
        for thread in (reading, speaking):
            thread.join(PATIENCE)
            assert not thread.is_alive()

"""The services without sockets, against what their RFCs say."""
from __future__ import absolute_import, division, print_function

import re

import pytest

from portable_server import services
from portable_server.driver import converse
from portable_server.services.chargen import PATTERN
from portable_server.services.daytime import daytime
from portable_server.services.time import time_since_1900


def transcript(service, pieces, sent_at_most=10 ** 6):
    """What `service` sends to a peer that sends `pieces` and then ends its side."""
    sent, pieces = [], list(pieces)

    class Enough(Exception):
        pass

    def send(data):
        sent.append(data)
        if sum(map(len, sent)) > sent_at_most:
            raise Enough

    try:
        converse(services.find(service)().new(), lambda most: pieces.pop(0) if pieces else b'', send)
    except Enough:
        pass
    return sent


def test_echo_answers_each_piece_with_one_send():
    assert transcript('echo', [b'one\ntwo\nthr', b'ee\n', b'last']) == [
        b'one\ntwo\nthr', b'ee\n', b'last']


def test_echo_of_every_byte():
    every = bytes(bytearray(range(256)))
    assert transcript('echo', [every]) == [every]


def test_discard_says_nothing():
    assert transcript('discard', [b'one\n', b'two']) == []


def test_daytime_is_one_line():
    (line,) = transcript('daytime', [b'not looked at\n'])
    assert re.match(br'\w+day, \w+ \d{1,2}, \d{4} \d\d:\d\d:\d\d-UTC\r\n$', line)


def test_daytime_of_a_known_moment():
    assert daytime(386553599) == b'Thursday, April 1, 1982 23:59:59-UTC\r\n'


# RFC 868 gives these pairs itself.
@pytest.mark.parametrize('unix_time, since_1900', [
    (0, 2208988800), (2398291200 - 2208988800, 2398291200), (2524521600 - 2208988800, 2524521600)])
def test_time_of_the_rfc(unix_time, since_1900):
    assert sum(byte << shift for byte, shift in zip(
        bytearray(time_since_1900(unix_time)), (24, 16, 8, 0))) == since_1900


def test_time_wraps_in_2036():
    assert time_since_1900(2 ** 32 - 2208988800) == b'\0\0\0\0'


def test_time_is_four_bytes():
    (answer,) = transcript('time', [])
    assert len(answer) == 4


def test_chargen_pattern_of_the_rfc():
    lines = PATTERN.split(b'\r\n')
    assert lines[0] == b'''!"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefgh'''.replace(
        b'!"', b' !"', 1)[:72]
    assert lines[1] == b'''!"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefgh'''
    assert len(lines) == 96 and lines[95] == b''
    assert set(map(len, lines[:95])) == {72}
    assert lines[94][:3] == b'~ !'


def test_chargen_goes_on_and_on():
    assert b''.join(transcript('chargen', [], sent_at_most=len(PATTERN) * 3)).startswith(PATTERN * 3)

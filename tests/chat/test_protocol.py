"""The protocol's rules, without I/O."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.chat import protocol

from .fakes import repr_of_text


@pytest.mark.parametrize('name', [b'a', b'Z', b'7', b'x' * 16, b'Ann99', b'0'],
                         ids=repr_of_text)
def test_names_that_are_allowed(name):
    assert protocol.is_name(name, 16)


@pytest.mark.parametrize('name', [
    b'', b'x' * 17, b'a b', b' a', b'a ', b'a-b', b'a_b', b'a\r', b'a\0', b'\xc3\xa9', b'a*', b'a\t'],
    ids=repr_of_text)
def test_names_that_are_not(name):
    assert not protocol.is_name(name, 16)


def test_control_characters_cannot_move_a_cursor_and_the_rest_is_unchanged():
    assert protocol.said(b'a', [b'\x1b[2J\x07\x7f\r\0']) == [b'[a] ?[2J????\n']
    others = bytes(bytearray(i for i in range(32, 256) if i != 127 and not 128 <= i < 160)) + b'\t'
    assert protocol.said(b'a', [others]) == [b'[a] ' + others + b'\n']


@pytest.mark.parametrize('line, carried', [
    (b'\x9b2J', b'?2J'), (b'\xc2\x9b2J', b'?2J'), (b'\x80\x9f\xa0', b'??\xa0'),
    (b'\xc3\x9b', b'\xc3\x9b'), (b'\xe2\x80\x94 \xf0\x9f\x98\x80', b'\xe2\x80\x94 \xf0\x9f\x98\x80'),
    (b'caf\xe9\x9b', b'caf\xe9?'), (b'\xc2', b'\xc2'), (b'\xe2\x80', b'\xe2?'),
], ids=repr_of_text)
def test_controls_beyond_ascii_neither(line, carried):
    """155 alone and U+009B begin a command to a terminal; in other characters 155 is a part."""
    assert protocol.said(b'a', [line]) == [b'[a] ' + carried + b'\n']


@pytest.mark.parametrize('line', [
    protocol.NAME_IN_USE, protocol.ROOM_FULL, protocol.SERVER_FULL, protocol.TOO_LATE,
    protocol.TOO_SLOW, protocol.bad_name(16), protocol.line_too_long(1000)],
    ids=repr_of_text)
def test_errors_are_one_line_with_an_exclamation_mark(line):
    assert line.startswith(b'!') and line.endswith(b'\n') and line.count(b'\n') == 1


def test_the_texts_of_the_public_protocol():
    assert protocol.entered(b'bob') == b'* bob has entered the room\n'
    assert protocol.left(b'bob') == b'* bob has left the room\n'
    assert protocol.roster([b'a', b'b']) == b'* The room contains: a, b\n'
    assert protocol.roster([]) == b'* The room contains: \n'
    assert protocol.said(b'bob', [b'hi', b'']) == [b'[bob] hi\n', b'[bob] \n']

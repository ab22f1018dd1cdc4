"""LineBuffer: the same lines however the bytes are cut (docs/litmus-catalogue.md, row 58)."""
from __future__ import absolute_import, division, print_function

import random

import pytest

from portable_server.lines import MOST_PIECES, LineBuffer, LineTooLong


def feed_all(buffer, pieces):
    return [line for piece in pieces for line in buffer.feed(piece)]


def test_both_line_ends():
    assert LineBuffer().feed(b'one\ntwo\r\n\r\n\nthree') == [b'one', b'two', b'', b'']


def test_a_lone_cr_is_data():
    assert LineBuffer().feed(b'a\rb\r\r\n') == [b'a\rb\r']


def test_the_unfinished_line_is_kept():
    buffer = LineBuffer()
    assert buffer.feed(b'one\ntw') == [b'one']
    assert buffer.unfinished() == b'tw'
    assert buffer.feed(b'o\n') == [b'two']
    assert buffer.unfinished() == b''


def test_a_crlf_cut_in_two():
    assert feed_all(LineBuffer(), [b'one\r', b'\ntwo\r', b'\n']) == [b'one', b'two']


def test_take_unfinished_forgets():
    buffer = LineBuffer()
    buffer.feed(b'one\ntwo')
    assert buffer.take_unfinished() == b'two'
    assert buffer.feed(b'\n') == [b'']


def test_byte_by_byte_beyond_the_number_of_pieces():
    line = b'x' * (MOST_PIECES * 3)
    pieces = [b'x'] * len(line) + [b'\n']
    assert feed_all(LineBuffer(), pieces) == [line]


@pytest.mark.parametrize('attempt', range(20))
def test_any_cut_gives_the_same_lines(attempt):
    lines = [b'x' * random.randrange(40) for _ in range(50)]
    stream = b''.join(line + random.choice([b'\n', b'\r\n']) for line in lines)
    cuts = sorted(random.randrange(len(stream)) for _ in range(60))
    pieces = [stream[a:b] for a, b in zip([0] + cuts, cuts + [len(stream)])]
    assert feed_all(LineBuffer(40), [piece for piece in pieces if piece]) == lines


@pytest.mark.parametrize('end', [b'\n', b'\r\n'])
def test_a_line_of_just_the_limit(end):
    assert LineBuffer(5).feed(b'12345' + end) == [b'12345']
    assert feed_all(LineBuffer(5), [b'12345', end[:1], end[1:]]) == [b'12345']


def test_a_line_beyond_the_limit():
    for pieces in ([b'123456\n'], [b'1234', b'56'], [b'123456'], [b'12345', b'6\n']):
        with pytest.raises(LineTooLong) as caught:
            feed_all(LineBuffer(5), pieces)
        assert caught.value.limit == 5


def test_the_lines_before_one_too_long_come_first():
    buffer = LineBuffer(5)
    assert buffer.feed(b'one\ntwo\n1234567') == [b'one', b'two']
    with pytest.raises(LineTooLong):
        buffer.feed(b'\n')
    buffer = LineBuffer(5)
    assert buffer.feed(b'one\n1234567\nthree\n') == [b'one']
    with pytest.raises(LineTooLong):
        buffer.feed(b'')

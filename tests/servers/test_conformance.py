"""Every service, by every model, to one client: the same bytes come back.

The clients do what people, programs and networks do: type a line at a time, send
byte by byte, send everything at once, close one side, read slowly.
"""
from __future__ import absolute_import, division, print_function

import random
import re
import struct
import time

import pytest

from portable_server.compat import threads
from portable_server.services.chargen import PATTERN
from portable_server.services.time import UNIX_EPOCH
from tests.servers.running import PATIENCE


def in_background(function, *arguments):
    thread = threads.Thread(target=function, args=arguments)
    thread.start()
    return thread


def test_echo_line_at_a_time(serve):
    client = serve('echo').connect()
    for line in (b'hello\n', b'\n', b'with CR\r\n', b'last\n'):
        assert client.ask(line) == line


def test_echo_byte_by_byte(serve):
    client = serve('echo').connect()
    for byte in (b'o', b'n', b'e', b'\r', b'\n', b'x'):
        assert client.ask(byte) == byte  # so each is a segment of its own


def test_echo_many_lines_in_a_segment(serve):
    lines = b''.join(b'line %d\n' % number for number in range(1000)) if bytes is not str else (
        ''.join('line %d\n' % number for number in range(1000)))
    assert serve('echo').connect().ask(lines) == lines


def test_echo_every_byte(serve):
    every = bytes(bytearray(range(256)))
    assert serve('echo').connect().ask(every) == every


def test_echo_answers_the_last_piece_after_a_half_close(serve):
    client = serve('echo').connect()
    client.send(b'whole\nno line end')
    client.end_sending()
    assert client.read_to_end() == b'whole\nno line end'


def test_echo_of_a_line_of_5_megabytes(serve):
    block = bytes(bytearray(random.randrange(11, 256) for _ in range(50000)))
    line = block * 100 + b'\n'
    client = serve('echo').connect()
    sending = in_background(client.send, line)
    answer = client.read(len(line))
    sending.join(PATIENCE)
    assert answer == line


def test_echo_to_a_client_that_reads_late(serve):
    """The client writes until nothing moves: then the server's own write is a partial one."""
    client = serve('echo').connect(receive_buffer=2048)
    block = bytes(bytearray(random.randrange(256) for _ in range(50021)))
    sent = client.send_until_stuck(block)
    client.end_sending()
    answer = client.read_to_end()
    assert len(answer) == sent
    assert answer == (block * (sent // len(block) + 1))[:sent]


def test_discard_takes_all_and_says_nothing(serve):
    client = serve('discard').connect()
    client.send(b'x' * 1000000)
    client.end_sending()
    assert client.read_to_end() == b''


def test_daytime_closes_after_one_line(serve):
    answer = serve('daytime').connect().read_to_end()
    assert re.match(br'\w+day, \w+ \d{1,2}, \d{4} \d\d:\d\d:\d\d-UTC\r\n$', answer)


@pytest.mark.parametrize('service, size', [('daytime', 20), ('time', 4)])
def test_what_the_client_sends_does_not_cost_it_the_answer(serve, service, size):
    # A server that closes with unread bytes resets the connection: see Connection.finish.
    client = serve(service).connect()
    client.send(b'not looked at\n' * 1000)
    client.end_sending()
    assert len(client.read_to_end()) >= size


def test_time_is_now(serve):
    answer = serve('time').connect().read_to_end()
    assert abs(struct.unpack('!I', answer)[0] - UNIX_EPOCH - time.time()) < 5


def test_chargen_keeps_its_pattern(serve):
    client = serve('chargen').connect()
    client.send(b'not looked at\n')
    assert client.read(len(PATTERN) * 40) == PATTERN * 40


def test_ipv6(serve):
    try:
        client = serve('echo', host='::1').connect()
    except EnvironmentError as problem:
        pytest.skip('no IPv6 on this machine: %s' % problem)
    assert client.ask(b'hello\n') == b'hello\n'

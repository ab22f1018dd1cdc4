"""Bytes arrive whole, in order, unmixed; connections leave nothing behind."""
from __future__ import absolute_import, division, print_function

import zlib

import pytest

from portable_server.compat import errors, process, sockets
from tests.sockets.running import LIMIT, Running, receive_all
from tests.support.processes import run_python

ALL_OCTETS = bytes(bytearray(range(256)))
MEGABYTE = 1024 * 1024


def pattern(count):
    period = bytes(bytearray(range(251)))
    return (period * (count // len(period) + 1))[:count]


def checksum_of_incoming(connection, count):
    value = 0
    while count:
        piece = connection.recv(65536)
        if not piece:
            break
        value = zlib.crc32(piece, value)
        count -= len(piece)
    return value & 0xffffffff


def test_every_octet_passes_both_ways(external):
    peer, server = external
    server.sendall(ALL_OCTETS)
    assert peer.receive(256) == ALL_OCTETS
    peer.send(ALL_OCTETS)
    received = receive_all(server, 256)
    assert received == ALL_OCTETS and isinstance(received, bytes)


@pytest.mark.parametrize('kind', [bytearray, memoryview], ids=['bytearray', 'memoryview'])
def test_bytes_like_objects(pair, kind):
    pair[0].sendall(kind(b'abc'))
    assert receive_all(pair[1], 3) == b'abc'
    assert pair[0].send(kind(b'def')) == 3
    assert receive_all(pair[1], 3) == b'def'


def test_recv_into(pair):
    client, server = pair
    room = bytearray(10)
    client.sendall(b'0123456789')
    assert receive_all(server, 4) == b'0123'
    assert server.recv_into(room, 3) == 3
    assert room == b'456' + b'\0' * 7
    assert server.recv_into(memoryview(room)[3:]) == 3
    assert room == b'456789' + b'\0' * 4
    client.close()
    assert server.recv_into(room) == 0


_RECEIVING_PROGRAM = '''
from __future__ import print_function
from portable_server.compat import sockets
listener = sockets.create_server(('127.0.0.1', 0))
client = sockets.create_connection(listener.getsockname())
server, _ = listener.accept()
client.sendall(b'hello')
room = bytearray(10)
print(server.recv_into(room), room[:5].decode('ascii'))
for one in (client, server, listener):
    one.close()
'''


def test_recv_into_in_a_program_of_its_own():
    """On Jython a string from the network cannot be copied out of at once; pytest hides it."""
    status, output, complaints = run_python(_RECEIVING_PROGRAM)
    assert (status, output.strip()) == (0, '5 hello'), complaints


def test_small_and_odd_sizes(pair):
    client, server = pair
    client.sendall(b'abc')
    assert [server.recv(1), server.recv(1), server.recv(1)] == [b'a', b'b', b'c']
    with pytest.raises(ValueError):
        server.recv(-1)
    client.sendall(b'')
    assert client.send(b'') == 0


@pytest.mark.time_limit(120)
@pytest.mark.parametrize('timeout', [None, 60])
def test_fifty_megabytes_out(external, timeout):
    peer, server = external
    server.settimeout(timeout)
    data = pattern(50 * MEGABYTE)
    writer = Running(server.sendall, data)
    assert peer.checksum(len(data)) == zlib.crc32(data) & 0xffffffff
    writer.result()


@pytest.mark.time_limit(120)
@pytest.mark.parametrize('timeout', [None, 60])
def test_fifty_megabytes_in(external, timeout):
    peer, server = external
    server.settimeout(timeout)
    reader = Running(checksum_of_incoming, server, 50 * MEGABYTE)
    peer.send_pattern(50 * MEGABYTE)
    assert reader._finished()[0] == zlib.crc32(pattern(50 * MEGABYTE)) & 0xffffffff


def test_a_peer_that_does_not_read_blocks_the_sender(external):
    peer, server = external
    data = pattern(20 * MEGABYTE)
    writer = Running(server.sendall, data)
    assert writer.is_blocked()
    assert peer.checksum(len(data)) == zlib.crc32(data) & 0xffffffff
    writer.result()


def test_send_may_take_a_part(external):
    peer, server = external
    server.setblocking(False)
    data, sent = pattern(20 * MEGABYTE), 0
    with pytest.raises(errors.BlockingIOError):
        while sent < len(data):
            sent += server.send(memoryview(data)[sent:sent + MEGABYTE])
    assert 0 < sent < len(data)
    assert peer.checksum(sent) == zlib.crc32(data[:sent]) & 0xffffffff


@pytest.mark.parametrize('timeout', [None, 30])
def test_messages_of_two_writers_do_not_mix(pair, timeout):
    client, server = pair
    server.settimeout(timeout)
    client.settimeout(LIMIT)
    length, times = 1000, 200
    writers = [Running(send_many, server, letter * length, times)
               for letter in (b'a', b'b', b'c')]
    received = receive_all(client, 3 * length * times)
    for writer in writers:
        writer.result()
    messages = [received[i:i + length] for i in range(0, len(received), length)]
    assert sorted(set(messages)) == [b'a' * length, b'b' * length, b'c' * length]


def send_many(connection, message, times):
    for _ in range(times):
        connection.sendall(message)


def test_both_directions_at_once(pair):
    client, server = pair
    data = pattern(5 * MEGABYTE)
    writers = [Running(end.sendall, data) for end in pair]
    readers = [Running(receive_all, end, len(data)) for end in pair]
    for thread in writers:
        thread.result()
    for thread in readers:
        assert thread.result() == data


@pytest.mark.time_limit(120)
@pytest.mark.parametrize('timeout', [None, 20])
def test_a_thousand_connections_leave_no_descriptor(listener, timeout):
    before = process.open_descriptors()
    for i in range(1000):
        client = sockets.create_connection(listener.getsockname(), timeout=timeout)
        server, _ = listener.accept()
        server.settimeout(timeout)
        client.sendall(b'x')
        receive = server.recv               # bound methods must not keep it open
        assert receive(1) == b'x'
        server.close()
        assert client.recv(1) == b''
        client.close()
    after = process.open_descriptors()
    assert before is None or after - before < 20

"""One thread writes to many connections and waits for none; others read from them."""
from __future__ import absolute_import, division, print_function

import zlib

import pytest

from portable_server.compat import errors, selectors, sockets
from tests.sockets.running import Running, receive_all


def fill(connection, data):
    """int: bytes taken until `send_now` said 0, twice with a wait in between.

    No proof that the next call says 0: Linux enlarges buffers as it goes.
    """
    taken = 0
    with selectors.DefaultSelector() as selector:
        selector.register(connection, selectors.EVENT_WRITE)
        count = 1
        while count or selector.select(0.1):
            count = sockets.send_now(connection, data)
            taken += count
        selector.unregister(connection)
    return taken


@pytest.fixture
def member(external):
    peer, server = external
    sockets.prepare_for_send_now(server)
    return peer, server


@pytest.mark.parametrize('prepare', [bytes, sockets.outgoing], ids=['bytes', 'outgoing'])
def test_bytes_and_prepared_data_from_a_start(member, prepare):
    peer, server = member
    data = prepare(b'hello world')
    assert len(data) == 11
    assert sockets.send_now(server, data) == 11
    assert sockets.send_now(server, data, 6) == 5
    assert sockets.send_now(server, data, 11) == 0
    assert peer.receive(16) == b'hello worldworld'


def test_a_full_buffer_is_zero_while_another_thread_reads(member):
    peer, server = member
    reader = Running(server.recv, 100)
    assert reader.is_blocked()
    data = b'x' * 65536
    taken = fill(server, data)
    assert taken > 0
    assert reader.is_blocked()
    peer.send(b'from the peer')
    assert reader.result() == b'from the peer'
    assert peer.checksum(taken) == zlib.crc32(b'x' * taken) & 0xffffffff


def test_waiting_for_room_while_another_thread_reads(member, closing):
    peer, server = member
    reader = Running(server.recv, 100)
    selector = selectors.DefaultSelector()
    closing.append(selector)
    taken = fill(server, b'x' * 65536)
    selector.register(server, selectors.EVENT_WRITE)
    peer.receive(taken)
    assert [events for _, events in selector.select(20)] == [selectors.EVENT_WRITE]
    assert sockets.send_now(server, b'more') == 4
    selector.unregister(server)
    assert peer.receive(4) == b'more'
    peer.disconnect()
    assert reader.result() == b''


def test_blocking_calls_still_block(member):
    peer, server = member
    assert server.gettimeout() is None
    data = b'x' * 20000000
    writer = Running(server.sendall, data)
    assert writer.is_blocked()
    assert peer.checksum(len(data)) == zlib.crc32(data) & 0xffffffff
    writer.result()
    server.shutdown(sockets.SHUT_WR)
    assert server.gettimeout() is None


def test_a_peer_that_is_gone(member):
    peer, server = member
    peer.reset()
    with pytest.raises(errors.ConnectionResetError):
        server.recv(1)
    with pytest.raises(errors.ConnectionError):
        sockets.send_now(server, b'x')
    server.close()
    with pytest.raises(errors.SocketError):
        sockets.send_now(server, b'x')


def test_interrupt_and_reset_wake_the_reader(member):
    peer, server = member
    reader = Running(server.recv, 100)
    assert reader.is_blocked()
    sockets.interrupt(server)
    assert reader.result() == b''
    sockets.reset(server)


def test_many_members(listener):
    pairs = []
    for _ in range(50):
        client = sockets.create_connection(listener.getsockname(), timeout=20)
        server, _ = listener.accept()
        sockets.prepare_for_send_now(server)
        pairs.append((client, server))
    readers = [Running(server.recv, 10) for _, server in pairs]
    line = sockets.outgoing(b'a line for everybody\n')
    for _, server in pairs:
        assert sockets.send_now(server, line) == len(line)
    for client, _ in pairs:
        assert receive_all(client, len(line)) == b'a line for everybody\n'
        client.sendall(b'answer')
    for reader in readers:
        assert reader.result() == b'answer'
    for client, server in pairs:
        client.close()
        server.close()

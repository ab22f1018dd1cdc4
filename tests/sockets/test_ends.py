"""How connections end: half-closes, resets, dead peers, seen as CPython sees them."""
from __future__ import absolute_import, division, print_function

import errno
import struct

import pytest

from portable_server.compat import errors, selectors, sockets
from tests.sockets.running import receive_all


def until_error(function, *arguments):
    """The error that `function` raises within a few calls; the peer's RST takes time."""
    selector = selectors.DefaultSelector()
    try:
        for _ in range(100):
            try:
                function(*arguments)
            except errors.SocketError as problem:
                return problem
            selector.select(0.01)
    finally:
        selector.close()


def test_a_half_close_ends_recv_and_the_reply_still_arrives(external):
    peer, server = external
    peer.send(b'question')
    peer.half_close()
    assert receive_all(server, 100) == b'question'
    assert server.recv(100) == b''
    server.sendall(b'answer')
    assert peer.receive(6) == b'answer'


def test_ones_own_half_close_sends_the_end(external):
    peer, server = external
    server.sendall(b'last words')
    server.shutdown(sockets.SHUT_WR)
    assert peer.receive(100) == b'last words'
    peer.send(b'still heard')
    assert receive_all(server, 11) == b'still heard'


def test_sending_after_ones_own_half_close_is_a_broken_pipe(pair):
    pair[0].shutdown(sockets.SHUT_WR)
    with pytest.raises(errors.BrokenPipeError):
        pair[0].sendall(b'x')
    with pytest.raises(errors.BrokenPipeError):
        pair[0].send(b'x')


def test_a_reset_is_an_error_once_and_then_the_end(external):
    peer, server = external
    peer.reset()
    with pytest.raises(errors.ConnectionResetError) as caught:
        server.recv(100)
    assert caught.value.errno == errno.ECONNRESET
    assert server.recv(100) == b''
    assert server.recv(100) == b''


def test_a_reset_is_an_error_with_a_timeout_too(external):
    peer, server = external
    server.settimeout(20)
    peer.reset()
    with pytest.raises(errors.ConnectionResetError):
        server.recv(100)
    assert server.recv(100) == b''


def test_sending_to_a_reset_connection_is_a_broken_pipe(external):
    peer, server = external
    peer.reset()
    with pytest.raises(errors.ConnectionResetError):
        server.recv(100)
    with pytest.raises(errors.BrokenPipeError) as caught:
        server.sendall(b'x')
    assert caught.value.errno == errno.EPIPE


@pytest.mark.parametrize('timeout', [None, 20])
def test_the_first_send_to_a_dead_peer_passes_and_a_later_one_fails(external, timeout):
    peer, server = external
    server.settimeout(timeout)
    peer.disconnect()
    assert server.recv(1) == b''
    server.sendall(b'x')
    problem = until_error(server.sendall, b'x')
    assert isinstance(problem, (errors.BrokenPipeError, errors.ConnectionResetError))


def test_reset_resets(external):
    peer, server = external
    sockets.reset(server)
    assert server.fileno() == -1
    assert peer.receive(1) == 'reset'
    sockets.reset(server)


def test_reset_of_a_connection_with_a_timeout(external):
    peer, server = external
    server.settimeout(0.01)
    with pytest.raises(sockets.timeout):
        server.recv(1)
    sockets.reset(server)
    assert peer.receive(1) == 'reset'


def test_linger_is_a_struct(pair):
    off, on = struct.pack('ii', 0, 0), struct.pack('ii', 1, 7)
    arguments = sockets.SOL_SOCKET, sockets.SO_LINGER
    assert pair[0].getsockopt(*(arguments + (8,))) == off
    pair[0].setsockopt(*(arguments + (on,)))
    assert pair[0].getsockopt(*(arguments + (8,))) == on
    pair[0].setsockopt(*(arguments + (off,)))


def test_closing_sends_the_end_and_closing_again_does_nothing(external):
    peer, server = external
    server.sendall(b'bye')
    server.close()
    server.close()
    assert peer.receive(100) == b'bye'


def test_a_closed_socket_refuses_everything(pair):
    client = pair[0]
    client.close()
    assert client.fileno() == -1
    for call in (lambda: client.recv(1), lambda: client.sendall(b'x'),
                 lambda: client.send(b'x'), client.getsockname, client.getpeername,
                 lambda: client.shutdown(sockets.SHUT_RDWR), client.accept,
                 lambda: client.settimeout(1)):
        problem = pytest.raises(errors.SocketError, call).value
        assert problem.errno == errno.EBADF
    sockets.interrupt(client)


def test_a_socket_that_is_not_connected(closing):
    client = sockets.socket()
    closing.append(client)
    for call in (lambda: client.recv(1), client.getpeername,
                 lambda: client.shutdown(sockets.SHUT_RDWR)):
        assert pytest.raises(errors.SocketError, call).value.errno == errno.ENOTCONN
    with pytest.raises(errors.BrokenPipeError):
        client.send(b'x')

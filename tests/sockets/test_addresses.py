"""Addresses, ports, options: what bind, connect and their relatives say."""
from __future__ import absolute_import, division, print_function

import errno

import pytest

from portable_server.compat import errors, sockets


def fails_with(number, function, *arguments):
    problem = pytest.raises(errors.SocketError, function, *arguments).value
    return problem.errno == number


@pytest.fixture
def fresh(closing):
    """A function that makes sockets which are closed after the test."""
    def make(*arguments):
        closing.append(sockets.socket(*arguments))
        return closing[-1]
    return make


def test_the_port_is_known_after_bind(fresh):
    server = fresh()
    assert server.getsockname() == ('0.0.0.0', 0)
    server.bind(('127.0.0.1', 0))
    host, port = server.getsockname()
    assert host == '127.0.0.1' and port > 0
    server.listen(5)
    assert server.getsockname() == (host, port)


def test_nobody_is_served_between_bind_and_listen(fresh):
    server, client = fresh(), fresh()
    server.bind(('127.0.0.1', 0))
    with pytest.raises(errors.ConnectionRefusedError):
        client.connect(server.getsockname())
    server.listen(5)
    client.connect(server.getsockname())
    client.close()


@pytest.mark.parametrize('reuse', [0, 1])
def test_an_address_in_use_is_reported_by_bind(listener, fresh, reuse):
    second = fresh()
    second.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, reuse)
    assert fails_with(errno.EADDRINUSE, second.bind, listener.getsockname())
    assert fails_with(errno.EADDRINUSE, sockets.create_server, listener.getsockname())


def test_an_address_is_free_again_after_close(listener):
    address = listener.getsockname()
    for _ in range(5):
        client = sockets.create_connection(address)
        server, _ = listener.accept()
        server.close()          # first: its side of the connection lingers, TIME_WAIT
        client.close()
        listener.close()
        listener = sockets.create_server(address)
    listener.close()


def test_binding_twice_or_to_a_foreign_address(fresh):
    server = fresh()
    assert fails_with(errno.EADDRNOTAVAIL, server.bind, ('192.0.2.1', 0))
    server.bind(('127.0.0.1', 0))
    assert fails_with(errno.EINVAL, server.bind, ('127.0.0.1', 0))


def test_accepting_without_listening(fresh):
    server = fresh()
    server.bind(('127.0.0.1', 0))
    assert fails_with(errno.EINVAL, server.accept)


def test_a_refused_connection_may_be_tried_again(listener, fresh):
    client, free = fresh(), fresh()
    free.bind(('127.0.0.1', 0))
    for _ in range(2):
        with pytest.raises(errors.ConnectionRefusedError) as caught:
            client.connect(free.getsockname())
        assert caught.value.errno == errno.ECONNREFUSED
    client.connect(listener.getsockname())
    listener.accept()[0].close()
    assert fails_with(errno.EISCONN, client.connect, listener.getsockname())


def test_create_connection_is_refused(fresh):
    free = fresh()
    free.bind(('127.0.0.1', 0))
    with pytest.raises(errors.ConnectionRefusedError):
        sockets.create_connection(free.getsockname(), timeout=20)


@pytest.mark.parametrize('port', [-1, 65536, 700000])
def test_a_bad_port_is_an_overflow(fresh, port):
    with pytest.raises(OverflowError):
        fresh().bind(('127.0.0.1', port))
    with pytest.raises(OverflowError):
        fresh().connect(('127.0.0.1', port))


@pytest.mark.parametrize('address', ['localhost', ('127.0.0.1',), ('127.0.0.1', 'http')])
def test_a_bad_address_is_a_type_error(fresh, address):
    refused = (TypeError, ValueError)       # ValueError: PyPy, for a wrong length
    with pytest.raises(refused):
        fresh().bind(address)
    with pytest.raises(refused):
        fresh().connect(address)


def test_an_unknown_host(fresh):
    name = 'no-such-host.invalid'
    for call in (lambda: fresh().connect((name, 1)), lambda: fresh().bind((name, 0)),
                 lambda: sockets.create_connection((name, 1)),
                 lambda: sockets.getaddrinfo(name, 1), lambda: sockets.gethostbyname(name)):
        assert isinstance(pytest.raises(sockets.gaierror, call).value, sockets.error)


def test_getaddrinfo_of_a_number():
    assert (sockets.AF_INET, sockets.SOCK_STREAM, sockets.IPPROTO_TCP, '',
            ('127.0.0.1', 80)) in sockets.getaddrinfo('127.0.0.1', 80, 0,
                                                      sockets.SOCK_STREAM)


def test_names_of_both_ends(pair, listener):
    client, server = pair
    assert client.getpeername() == server.getsockname() == listener.getsockname()
    assert client.getsockname() == server.getpeername()
    assert client.fileno() != server.fileno() and client.fileno() >= 0


def test_ipv6(closing):
    try:
        listener = sockets.create_server(('::1', 0), family=sockets.AF_INET6)
    except errors.SocketError:
        pytest.skip('no IPv6 on this machine')
    closing.append(listener)
    assert listener.getsockname()[0] == '::1' and len(listener.getsockname()) == 4
    client = sockets.create_connection(listener.getsockname()[:2], timeout=20)
    closing.append(client)
    server, address = listener.accept()
    closing.append(server)
    assert address == client.getsockname() and address[0] == '::1'
    client.sendall(b'six')
    assert server.recv(10) == b'six'


def test_options_of_a_connection(pair):
    for level, option in ((sockets.IPPROTO_TCP, sockets.TCP_NODELAY),
                          (sockets.SOL_SOCKET, sockets.SO_KEEPALIVE)):
        for value in (1, 0):
            pair[0].setsockopt(level, option, value)
            assert bool(pair[0].getsockopt(level, option)) == bool(value)
    assert pair[0].getsockopt(sockets.SOL_SOCKET, sockets.SO_TYPE) == sockets.SOCK_STREAM
    assert pair[0].getsockopt(sockets.SOL_SOCKET, sockets.SO_ERROR) == 0
    assert pair[0].getsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF) > 0
    assert fails_with(errno.ENOPROTOOPT, pair[0].setsockopt, sockets.IPPROTO_TCP, 999, 1)


def test_unknown_family(fresh):
    assert fails_with(errno.EAFNOSUPPORT, sockets.socket, 99)

"""Rule 2: sockets and select under a lock."""
from __future__ import absolute_import, division, print_function

import select
import socket

import pytest

from portable_server.compat import sockets, threads
from tests.watch.watching import installed, kinds, operations


def _listener(module):
    listener = module.socket()
    listener.bind(('127.0.0.1', 0))
    listener.listen(5)
    return listener


@pytest.mark.parametrize('module', [socket, sockets])
def test_sockets(module):
    with installed() as session:
        lock = threads.Lock()
        listener = _listener(module)
        client = module.socket()
        with lock:
            client.connect(('127.0.0.1', listener.getsockname()[1]))
        with lock:
            server = listener.accept()[0]
        with lock:
            client.sendall(b'abcdef')
        with lock:
            server.recv(3)
        with lock:
            client.send(b'x')
        server.setblocking(False)
        with lock:
            server.send(b'y')
        server.close()
        client.close()
        listener.close()
    assert operations(session) == ['socket.' + name for name in (
        'connect', 'accept', 'sendall', 'recv', 'send')]
    assert set(kinds(session)) == set(['blocked-while-holding'])


def test_send_now_never_waits():
    with installed('raise'):
        listener = _listener(sockets)
        client = sockets.create_connection(listener.getsockname())
        server = listener.accept()[0]
        sockets.prepare_for_send_now(server)
        with threads.Lock():
            assert sockets.send_now(server, sockets.outgoing(b'abc')) == 3
        for each in (server, client, listener):
            each.close()


def test_select():
    with installed() as session:
        listener = _listener(socket)
        with threads.Lock():
            select.select([listener], [], [], 0.001)
            select.select([listener], [], [], 0)
        listener.close()
    assert operations(session) == ['select.select']

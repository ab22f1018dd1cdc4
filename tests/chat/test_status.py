"""The operator's port: one JSON object for each connection."""
from __future__ import absolute_import, division, print_function

import json

import pytest

from portable_server.compat import platform, sockets
from portable_server.chat.status import StatusPort
from portable_server.services.chat import Chat

from .running import DESIGNS, PATIENCE, house


def ask(port):
    connection = sockets.create_connection(('127.0.0.1', port), PATIENCE)
    try:
        data = b''
        piece = connection.recv(65536)
        while piece:
            data += piece
            piece = connection.recv(65536)
        return json.loads(data.decode('ascii'))
    finally:
        connection.close()


@pytest.mark.parametrize('design', DESIGNS)
def test_the_figures(design):
    with house(design) as room:
        status = StatusPort(0, room.service.server.report)
        status.start()
        try:
            ann, bob = room.client(b'ann'), room.client(b'bob')
            ann.line()
            ann.send(b'hello\n')
            bob.line()
            found = ask(status.port)
            assert (found['members'], found['messages'], found['connections']) == (2, 1, 2)
            assert found['deliveries'] >= 1 and found['threads'] > 2
            assert found['design'] == design
            assert found['interpreter']['implementation'] == platform.IMPLEMENTATION
            assert found['gil_enabled'] == platform.gil_enabled()
            assert ask(status.port)['members'] == 2
        finally:
            status.stop()


def test_a_status_port_in_use_is_one_clear_line():
    listener = sockets.create_server(('127.0.0.1', 0))
    try:
        with pytest.raises(ValueError) as caught:
            Chat(status_port=listener.getsockname()[1])
        assert '--status-port' in str(caught.value) and '\n' not in str(caught.value)
    finally:
        listener.close()

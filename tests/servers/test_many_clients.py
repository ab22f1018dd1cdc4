"""Many clients: none notices what happens to another."""
from __future__ import absolute_import, division, print_function

import logging

import pytest

from portable_server.services.base import Conversation, Service
from portable_server.services.chargen import PATTERN
from tests.servers.conftest import CONCURRENT, LASTING
from tests.servers.running import Client

#: Fewer connections where each costs a process, and even fewer where it starts an interpreter.
IN_A_ROW = {'fork': 50, 'socketserver-fork': 50, 'super-server': 8}
AT_ONCE = {'fork': 50, 'socketserver-fork': 50, 'super-server': 8}


@pytest.mark.models(LASTING)
def test_connections_in_a_row(serve, model):
    address = serve('echo').server.address
    for number in range(IN_A_ROW.get(model, 200)):
        client = Client(address)
        line = ('line %d\n' % number).encode('ascii')
        assert client.ask(line) == line
        client.close()


@pytest.mark.models(CONCURRENT)
def test_connections_at_once(serve, model):
    running = serve('echo')
    clients = [running.connect() for _ in range(AT_ONCE.get(model, 100))]
    for number, client in enumerate(clients):
        client.send(('line %d\n' % number).encode('ascii'))
    for number, client in enumerate(clients):
        line = ('line %d\n' % number).encode('ascii')
        assert client.read(len(line)) == line


@pytest.mark.models(CONCURRENT)
def test_a_silent_client_does_not_stop_others(serve):
    running = serve('echo')
    silent = running.connect()
    silent.send(b'half a li')
    assert running.connect().ask(b'hello\n') == b'hello\n'


@pytest.mark.models(CONCURRENT)
def test_a_client_that_does_not_read_does_not_stop_others(serve):
    running = serve('chargen')
    stalled = running.connect()
    assert stalled.read(100) == PATTERN[:100]
    assert running.connect().read(2000000) == (PATTERN * 300)[:2000000]


@pytest.mark.models(LASTING)
def test_a_reset_is_not_noticed_by_others(serve, caplog):
    running = serve('echo')
    for _ in range(3):
        lost = running.connect()
        assert lost.ask(b'hello\n') == b'hello\n'
        lost.send(b'on its way\n')
        lost.reset()
        other = running.connect()
        assert other.ask(b'still here\n') == b'still here\n'
        other.close()
    assert errors_in(caplog) == []


@pytest.mark.models(LASTING)
def test_a_client_that_leaves_before_it_is_served(serve):
    running = serve('echo')
    for _ in range(5):
        Client(running.server.address).reset()
    assert running.connect().ask(b'hello\n') == b'hello\n'


@pytest.mark.models(CONCURRENT)
def test_max_connections(serve):
    running = serve('echo', max_connections=2)
    first, second = running.connect(), running.connect()
    assert first.ask(b'one\n') == b'one\n'
    assert second.ask(b'two\n') == b'two\n'
    third = running.connect()
    third.send(b'three\n')
    assert third.says_nothing()
    first.close()
    assert third.read(6) == b'three\n'


class Failing(Service):
    """Fails on demand; else echoes."""

    name = 'failing'

    def new(self):
        return FailingConversation()


class FailingConversation(Conversation):
    def receive(self, data):
        if data == b'fail\n':
            raise ZeroDivisionError('on demand')
        return data


@pytest.mark.models([p for p in LASTING if p.values[0] != 'super-server'])
def test_a_failing_handler_ends_its_connection_only(serve, model, caplog):
    running = serve(Failing())
    if model not in ('serial', 'one-at-a-time'):
        bystander = running.connect()
        assert bystander.ask(b'one\n') == b'one\n'
    victim = running.connect()
    victim.send(b'fail\n')
    assert victim.read_to_end() == b''
    assert running.connect().ask(b'next\n') == b'next\n'
    if model not in ('serial', 'one-at-a-time'):
        assert bystander.ask(b'two\n') == b'two\n'
    if 'fork' not in model:  # a child's log is in the child
        assert len(errors_in(caplog)) == 1
        assert errors_in(caplog)[0].exc_info[0] is ZeroDivisionError


def errors_in(caplog):
    return [record for record in caplog.records if record.levelno >= logging.ERROR]

"""Stopping, in the middle of everything: docs/litmus-catalogue.md, rows 52, 53 and 64.

The bound is what the command line promises: 2 seconds.
"""
from __future__ import absolute_import, division, print_function

import errno
import logging

import pytest

from portable_server.compat import clock, errors, socketserver, threads
from portable_server import models, services
from tests.servers.conftest import ALL, CONCURRENT, LASTING
from tests.servers.running import PATIENCE, Client, RunningServer

BOUND = 2.0


def test_stop_wakes_a_blocked_accept(serve):
    assert serve('echo').stop() < BOUND


def test_stop_ends_a_blocked_reader(serve):
    running = serve('echo')
    client = running.connect()
    assert client.ask(b'hello\n') == b'hello\n'
    assert running.stop() < BOUND
    assert client.read_to_end() == b''


@pytest.mark.models(CONCURRENT)
def test_stop_ends_many_readers(serve, model):
    before = threads.enumerate()
    running = serve('echo')
    clients = [running.connect() for _ in range(5 if model == 'super-server' else 30)]
    for client in clients:
        assert client.ask(b'hello\n') == b'hello\n'
    assert running.stop() < BOUND
    assert [thread for thread in threads.enumerate() if thread not in before] == []
    for client in clients:
        assert client.read_to_end() == b''


@pytest.mark.parametrize('model', ['selector'])
def test_the_selector_lets_go_of_its_sockets_before_they_are_closed(serve, monkeypatch):
    running = serve('echo')
    assert running.connect().ask(b'hello\n') == b'hello\n'
    order = []

    def noted(owner, name):
        original = getattr(owner, name)

        def call(*positional):
            order.append(name)
            return original(*positional)
        monkeypatch.setattr(owner, name, call)

    noted(running.server._selector, 'close')
    noted(running.server, 'release')
    running.stop()
    # The other way round, Jython took 1.8 s to stop with 1,000 connections: time in their square.
    assert order == ['close', 'release']


def test_stop_ends_a_writer_whose_client_does_not_read(serve):
    running = serve('chargen')
    client = running.connect()
    assert len(client.read(1000)) == 1000
    assert running.stop() < BOUND


@pytest.mark.models(CONCURRENT)
def test_stop_while_full(serve):
    running = serve('echo', max_connections=1)
    client = running.connect()
    assert client.ask(b'hello\n') == b'hello\n'
    waiting = running.connect()
    assert waiting.says_nothing(0.1)
    assert running.stop() < BOUND
    assert waiting.read_to_end() == b''


def test_stop_before_serving(model):
    server = models.find(model)(services.find('echo')())
    server.start()
    assert server.stop()
    server.serve_forever()  # returns at once
    with pytest.raises(errors.SocketError):
        Client(server.address).ask(b'hello\n')


def test_stop_twice_and_from_several_threads(serve):
    running = serve('echo')
    client = running.connect()
    assert client.ask(b'hello\n') == b'hello\n'
    answers = []
    stopping = [threads.Thread(target=lambda: answers.append(running.server.stop()))
                for _ in range(3)]
    for thread in stopping:
        thread.start()
    for thread in stopping:
        thread.join(PATIENCE)
    assert answers == [True] * 3
    assert running.server.stop()


def test_stop_in_a_storm_of_connects(serve):
    running = serve('echo')
    begun = threads.Event()
    storm = [threads.Thread(target=_connect_until_refused, args=(running.server.address, begun))
             for _ in range(4)]
    for thread in storm:
        thread.start()
    assert begun.wait(PATIENCE)
    assert running.stop() < BOUND + 1  # four threads are busy with connecting
    for thread in storm:
        thread.join(PATIENCE)
        assert not thread.is_alive()


def _connect_until_refused(address, begun):
    deadline = clock.monotonic() + PATIENCE
    while clock.monotonic() < deadline:
        try:
            client = Client(address)
        except errors.SocketError:
            begun.set()
            return
        begun.set()
        client.close()


def test_the_port_is_free_at_once(serve, model):
    running = serve('echo')
    client = running.connect()
    assert client.ask(b'hello\n') == b'hello\n'
    address = running.server.address
    running.stop()
    again = RunningServer(model, 'echo', port=address[1])
    try:
        other = again.connect()
        assert other.ask(b'hello\n') == b'hello\n'
    finally:
        again.close()


@pytest.mark.models([p for p in ALL if p.values[0] == 'one-time'])
def test_one_time_ends_by_itself(serve):
    running = serve('echo')
    client = running.connect()
    assert client.ask(b'hello\n') == b'hello\n'
    with pytest.raises(errors.SocketError):
        Client(running.server.address).ask(b'second\n')
    client.close()
    running.thread.join(PATIENCE)
    assert not running.thread.is_alive()


@pytest.mark.models([p for p in LASTING if 'socketserver' not in p.values[0]])
def test_a_want_of_descriptors_neither_ends_the_server_nor_spins(model, caplog):
    server = models.find(model)(services.find('echo')())
    server.start()
    accept, failures = server.listener.accept, []

    def failing_accept():
        if len(failures) < 3:
            failures.append(clock.monotonic())
            raise errors.SocketError(errno.EMFILE, 'Too many open files')
        return accept()

    server.listener.accept = failing_accept
    thread = threads.Thread(target=server.serve_forever)
    thread.start()
    client = Client(server.address)
    try:
        assert client.ask(b'hello\n') == b'hello\n'
    finally:
        client.close()
        server.stop()
        thread.join(PATIENCE)
    assert failures[-1] - failures[0] > 0.15
    assert len([r for r in caplog.records if r.levelno == logging.WARNING]) == 1


@pytest.mark.models([p for p in LASTING if p.values[0] in ('threads', 'thread-subclass')])
def test_a_thread_that_cannot_start_costs_one_connection(serve, caplog):
    running = serve('echo')
    new_thread, failures = running.server.new_thread, []

    def failing_once(connection):
        thread = new_thread(connection)
        if not failures:
            failures.append(thread)
            thread.start = _cannot_start
        return thread

    running.server.new_thread = failing_once
    assert running.connect().read_to_end() == b''
    assert running.connect().ask(b'hello\n') == b'hello\n'
    assert "can't start new thread" in caplog.text


def _cannot_start():
    raise RuntimeError("can't start new thread")


def test_threads_get_time_to_end_after_a_service_that_took_all_of_it(monkeypatch):
    server = models.find('thread-subclass')(services.find('echo')(), drain_seconds=-60.0)
    left = []
    monkeypatch.setattr(server, '_end_workers',
                        lambda deadline: left.append(deadline - clock.monotonic()))
    server.start()
    assert server.stop(PATIENCE)
    assert left[0] > -30.0


@pytest.mark.parametrize('model', ['socketserver-threads'])
def test_nor_where_the_framework_starts_it(serve, caplog, monkeypatch):
    running = serve('echo')
    with monkeypatch.context() as patch:
        patch.setattr(socketserver.ThreadingMixIn, 'process_request',
                      lambda *_: _cannot_start())
        assert running.connect().read_to_end() == b''
    assert running.connect().ask(b'hello\n') == b'hello\n'
    assert [(record.getMessage(), record.exc_info) for record in caplog.records] == [
        ("cannot serve a client: can't start new thread", None)]

"""ServerSocket and Connection: lines over a real socket."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import errors, threads
from portable_server.connection import Connection
from portable_server.lines import LineTooLong
from portable_server.server_socket import ServerSocket, show_address
from tests.servers.running import PATIENCE, Client


@pytest.fixture
def pair():
    """(our Connection, the Client at its other end)."""
    with ServerSocket(0, line_limit=100) as listener:
        client = Client((listener.host, listener.port))
        with listener.accept() as connection:
            yield connection, client
        client.close()


def test_readline(pair):
    connection, client = pair
    client.send(b'one\r\ntwo\nthr')
    assert connection.readline() == b'one'
    assert connection.readline() == b'two'
    client.send(b'ee\nrest')
    client.end_sending()
    assert list(connection) == [b'three']
    assert connection.readline() is None
    assert connection.unfinished() == b'rest'


def test_a_line_too_long(pair):
    connection, client = pair
    client.send(b'good\n' + b'x' * 101)
    assert connection.readline() == b'good'
    with pytest.raises(LineTooLong):
        connection.readline()


def test_writeline(pair):
    connection, client = pair
    connection.writeline(b'bytes')
    connection.writeline(u'text \xe9')
    assert client.read(14) == b'bytes\ntext \xc3\xa9\n'
    with pytest.raises(ValueError):
        connection.writeline(b'two\nlines')


def test_concurrent_writers_do_not_mix_lines(pair):
    connection, client = pair
    lines = [letter * 50000 for letter in (b'a', b'b', b'c', b'd')]
    writers = [threads.Thread(target=connection.writeline, args=(line,)) for line in lines]
    for writer in writers:
        writer.start()
    assert sorted(client.read(4 * 50001).split(b'\n')) == [b''] + lines
    for writer in writers:
        writer.join(PATIENCE)


def test_finish_lets_the_peer_read_all(pair):
    connection, client = pair
    client.send(b'unread' * 1000)
    connection.write(b'answer')
    closing = threads.Thread(target=connection.finish)
    closing.start()
    assert client.read_to_end() == b'answer'
    client.close()
    closing.join(PATIENCE)


def test_interrupt_wakes_a_reader(pair):
    connection, client = pair
    lines = []
    reading = threads.Thread(target=lambda: lines.append(connection.readline()))
    reading.start()
    connection.interrupt()
    reading.join(PATIENCE)
    assert lines == [None]


def test_close_twice(pair):
    connection, client = pair
    connection.close()
    connection.close()
    assert client.read_to_end() == b''


def test_stop_wakes_a_blocked_accept():
    listener = ServerSocket(0)
    outcome = []

    def accept():
        try:
            outcome.append(listener.accept())
        except errors.SocketError:
            outcome.append('stopped')

    accepting = threads.Thread(target=accept)
    accepting.start()
    listener.stop()
    accepting.join(PATIENCE)
    assert outcome == ['stopped']
    listener.stop()


def test_port_in_use():
    with ServerSocket(0) as listener:
        with pytest.raises(errors.SocketError):
            ServerSocket(listener.port)


def test_addresses_as_people_write_them():
    assert show_address('127.0.0.1', 80) == '127.0.0.1:80'
    assert show_address('::1', 80) == '[::1]:80'


def test_a_program_of_the_docstring():
    with ServerSocket(0) as listener:
        client = Client((listener.host, listener.port))
        client.send(b'one\ntwo\n')
        client.end_sending()
        with listener.accept() as connection:
            assert isinstance(connection, Connection)
            for line in connection:
                connection.writeline(line)
        assert client.read_to_end() == b'one\ntwo\n'
        client.close()

"""compat.socketserver: a program written for Python 3's, on every interpreter."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import errors, socketserver, threads
from tests import support
from tests.servers.running import PATIENCE, Client


class UpperCase(socketserver.StreamRequestHandler):
    def handle(self):
        for line in iter(self.rfile.readline, b''):
            self.wfile.write(line.upper())


@pytest.mark.parametrize('class_name', [
    'TCPServer', 'ThreadingTCPServer',
    pytest.param('ForkingTCPServer', marks=[support.not_on('no-fork'), pytest.mark.filterwarnings(
        'ignore:This process.*is multi-threaded:DeprecationWarning')])])
def test_stream_request_handler(class_name):
    server = getattr(socketserver, class_name)(('127.0.0.1', 0), UpperCase)
    serving = threads.Thread(target=server.serve_forever, args=(0.05,))
    serving.start()
    try:
        client = Client(server.server_address)
        for line in (b'one\n', b'two\r\n'):
            client.send(line)
            assert client.read(len(line)) == line.upper()
        client.end_sending()
        assert client.read_to_end() == b''
        client.close()
    finally:
        server.shutdown()
        server.server_close()
        serving.join(PATIENCE)


def test_server_close_joins_the_threads():
    server = socketserver.ThreadingTCPServer(('127.0.0.1', 0), UpperCase)
    client = Client(server.server_address)
    client.send(b'hello\n')
    server.handle_request()
    assert client.read(6) == b'HELLO\n'
    closing = threads.Thread(target=server.server_close, daemon=True)
    closing.start()
    closing.join(0.2)
    waits = closing.is_alive()      # for the handler, which waits for another line
    client.close()
    closing.join(PATIENCE)
    assert (waits, closing.is_alive()) == (True, False)


class Raises(socketserver.StreamRequestHandler):
    def handle(self):
        raise ValueError('by the handler')


def test_with_closes_the_server():
    with socketserver.TCPServer(('127.0.0.1', 0), UpperCase) as server:
        assert server.server_address[1] > 0
    with pytest.raises(errors.SocketError):
        server.socket.accept()


def test_error_of_a_handler_goes_to_stderr(capsys):
    server = socketserver.TCPServer(('127.0.0.1', 0), Raises)
    client = Client(server.server_address)
    server.handle_request()
    assert client.read_to_end() == b''
    client.close()
    server.server_close()
    written = capsys.readouterr()
    assert (written[0], 'by the handler' in written[1]) == ('', True)


def test_attributes_of_a_program_do_no_harm():
    server = socketserver.ThreadingTCPServer(('127.0.0.1', 0), UpperCase)
    for name in ('_stop', '_selector', '_running', '_answer', '_finish', '_at_rest'):
        setattr(server, name, 'mine')
    serving = threads.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    serving.start()
    client = Client(server.server_address)
    client.send(b'hello\n')
    assert client.read(6) == b'HELLO\n'
    client.close()
    server.shutdown()
    server.server_close()


def test_wfile_is_a_stream():
    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            assert self.wfile.writable() and self.rfile.readable()
            self.wfile.writelines([b'one\n', b'two\n'])
            assert self.wfile.write(bytearray(b'three\n')) == 6

    server = socketserver.TCPServer(('127.0.0.1', 0), Handler)
    client = Client(server.server_address)
    server.handle_request()
    assert client.read_to_end() == b'one\ntwo\nthree\n'
    client.close()
    server.server_close()


def test_handle_request_times_out():
    server = socketserver.TCPServer(('127.0.0.1', 0), UpperCase)
    server.timeout = 0.05
    calls = []
    server.handle_timeout = lambda: calls.append('timeout')
    server.handle_request()
    server.server_close()
    assert calls == ['timeout']

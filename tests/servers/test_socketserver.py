"""compat.socketserver: a program written for Python 3's, on every interpreter."""
from __future__ import absolute_import, division, print_function

import pytest

from portable_server.compat import socketserver, threads
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
    client.close()
    server.server_close()
    assert [t for t in threads.enumerate() if 'process_request_thread' in t.name] == []


def test_handle_request_times_out():
    server = socketserver.TCPServer(('127.0.0.1', 0), UpperCase)
    server.timeout = 0.05
    calls = []
    server.handle_timeout = lambda: calls.append('timeout')
    server.handle_request()
    server.server_close()
    assert calls == ['timeout']

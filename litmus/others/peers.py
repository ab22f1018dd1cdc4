"""The other end of a connection: small servers and clients, for libraries that talk."""
from __future__ import absolute_import, division, print_function

import socket

from portable_server.compat import threads
from portable_server.litmus.others import first_of

TIMEOUT = 20.0      # seconds
HOST = '127.0.0.1'


def connect(port):
    """A connected socket with a time-out."""
    return socket.create_connection((HOST, port), TIMEOUT)


def receive_line(connection):
    """bytes: one line, or what came before the end."""
    received = b''
    while not received.endswith(b'\n'):
        part = connection.recv(4096)
        if not part:
            break
        received += part
    return received


class Served(object):
    """A socketserver.BaseServer that serves while the scope lasts; `port` is its port."""

    def __init__(self, server):
        self._server = server
        self.port = server.server_address[1]
        self._thread = threads.Thread(target=server.serve_forever, args=(0.01,))

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._thread.join(TIMEOUT)
        self._server.server_close()


def http_server(answer):
    """An HTTP/1.1 server, a thread for each connection; `answer(path)` gives the body (bytes)."""
    http = first_of('http.server', 'BaseHTTPServer')
    socketserver = first_of('socketserver', 'SocketServer')

    class Handler(http.BaseHTTPRequestHandler):
        protocol_version = 'HTTP/1.1'
        timeout = TIMEOUT
        disable_nagle_algorithm = True

        def do_GET(self):
            body = answer(self.path)
            self.send_response(200)
            self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """It is not wanted on standard error."""

    class Server(socketserver.ThreadingMixIn, http.HTTPServer):
        daemon_threads = True
        request_queue_size = 64

        def server_bind(self):      # HTTPServer's asks the DNS for a name
            socketserver.TCPServer.server_bind(self)
            self.server_name, self.server_port = self.server_address[:2]

    return Server(('', 0), Handler)

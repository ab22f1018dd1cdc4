"""Echo with socketserver, as its documentation writes it: ThreadingTCPServer, readline, write.

It runs on CPython 2.7 and 3, PyPy and Jython.
"""
from __future__ import absolute_import, division, print_function

import socket
try:
    import socketserver
except ImportError:  # Python 2
    import SocketServer as socketserver

from starting import BACKLOG, LIMIT, arguments, ready


class Echo(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self):
        try:
            while True:
                line = self.rfile.readline(LIMIT)
                if not line:
                    return
                self.wfile.write(line)
        except (OSError, socket.error):
            pass  # a client that went away


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = BACKLOG


if __name__ == '__main__':
    server = Server(arguments(), Echo)
    ready(server.server_address)
    server.serve_forever()

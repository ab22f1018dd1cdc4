"""Whatever begins with `bye` is the end."""
from __future__ import absolute_import, division, print_function

import sys
import threading

try:
    import socketserver
except ImportError:  # Python 2
    import SocketServer as socketserver

LINE_LIMIT = 1000


class Book(object):
    """How many visitors there were; a lock of its own."""

    def __init__(self):
        self._lock = threading.Lock()
        self._visitors = 0

    def next_visitor(self):
        with self._lock:
            self._visitors += 1
            return self._visitors


class Visitor(socketserver.StreamRequestHandler):
    """One connection: `rfile` and `wfile` are its two directions."""

    def handle(self):
        number = self.server.book.next_visitor()
        self.say('visitor %d' % number)
        line = self.rfile.readline(LINE_LIMIT)
        while line.endswith(b'\n'):
            word = line.rstrip(b'\r\n').decode('ascii', 'replace')
            if word.startswith('bye'):
                self.say('bye, visitor %d' % number)
                return
            self.say(word[::-1])
            line = self.rfile.readline(LINE_LIMIT)

    def say(self, text):
        self.wfile.write(text.encode('ascii', 'replace') + b'\n')
        self.wfile.flush()


class BookServer(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """The mix-in first: it replaces how TCPServer processes a request."""

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 50

    def __init__(self, address):
        self.book = Book()
        socketserver.TCPServer.__init__(self, address, Visitor)

    def handle_error(self, request, client_address):
        pass  # a visitor that resets is no news; the other threads go on


def main():
    server = BookServer(('127.0.0.1', int(sys.argv[1])))
    print('listening on 127.0.0.1:%d' % server.socket.getsockname()[1])
    sys.stdout.flush()
    server.serve_forever()


if __name__ == '__main__':
    main()

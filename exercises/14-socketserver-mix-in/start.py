"""A visitors' book that serves one visitor after the other. Add the mix-in; see README.md."""
from __future__ import absolute_import, division, print_function

import sys

try:
    import socketserver
except ImportError:  # Python 2
    import SocketServer as socketserver

LINE_LIMIT = 1000


class Visitor(socketserver.StreamRequestHandler):
    """One connection: `rfile` and `wfile` are its two directions."""

    visitors = 0  # TODO: counted by many threads at once, and shared by all

    def handle(self):
        self.visitors += 1
        self.say('visitor %d' % self.visitors)
        line = self.rfile.readline(LINE_LIMIT)
        while line.endswith(b'\n'):
            word = line.rstrip(b'\r\n').decode('ascii', 'replace')
            # TODO: `bye`
            self.say(word[::-1])
            line = self.rfile.readline(LINE_LIMIT)

    def say(self, text):
        self.wfile.write(text.encode('ascii', 'replace') + b'\n')
        self.wfile.flush()


class BookServer(socketserver.TCPServer):
    """TODO: a thread for each visitor, and what a server needs that is started again."""

    def __init__(self, address):
        socketserver.TCPServer.__init__(self, address, Visitor)


def main():
    server = BookServer(('127.0.0.1', int(sys.argv[1])))
    print('listening on 127.0.0.1:%d' % server.socket.getsockname()[1])
    sys.stdout.flush()
    server.serve_forever()


if __name__ == '__main__':
    main()

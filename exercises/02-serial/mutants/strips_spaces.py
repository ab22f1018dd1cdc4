"""Takes the spaces off with the end of the line."""
from __future__ import absolute_import, division, print_function

import socket
import sys

SEND_BUFFER = 16384     # bytes that wait in the system for a client that does not read


class Client(object):
    """A connection, and what came of it and is not used yet."""

    def __init__(self, connection):
        self.connection = connection
        self.rest = b''

    def read_line(self):
        """The next line as bytes, without its end; None when the client has closed."""
        while b'\n' not in self.rest:
            data = self.connection.recv(65536)
            if not data:
                return None
            self.rest += data
        line, _, self.rest = self.rest.partition(b'\n')
        return line.strip()


def handle(connection):
    """Serve one client, to its end."""
    client = Client(connection)
    line = client.read_line()
    while line is not None and line != b'quit':
        connection.sendall(b'%d %s\r\n' % (len(line), line))
        line = client.read_line()
    if line is not None:
        connection.sendall(b'bye\r\n')


def main(port, seconds):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(('127.0.0.1', port))
    listener.listen(5)
    print('listening on %s:%d' % listener.getsockname()[:2])
    sys.stdout.flush()
    while True:
        connection, _ = listener.accept()
        connection.settimeout(seconds)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        try:
            handle(connection)
        except socket.error as error:       # a reset, or too long a silence: socket.timeout
            print('a client: %s' % error)
        finally:
            connection.close()


if __name__ == '__main__':
    main(int(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 60.0)

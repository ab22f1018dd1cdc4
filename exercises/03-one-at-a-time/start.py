"""The one-at-a-time server: one client after the other, for ever."""
from __future__ import absolute_import, division, print_function

import socket
import sys


def handle(connection, number):
    """Serve one client, to its end."""
    connection.sendall(b'you are visitor %d\r\n' % number)
    lines = connection.makefile('rb')
    line = lines.readline()             # b'' once the client has closed
    connection.sendall(line)
    # Here: the inner loop.
    lines.close()


def main(port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(('127.0.0.1', port))
    listener.listen(5)
    print('listening on %s:%d' % listener.getsockname()[:2])
    sys.stdout.flush()
    # Here: the outer loop.
    connection, _ = listener.accept()
    handle(connection, 1)
    connection.close()


if __name__ == '__main__':
    main(int(sys.argv[1]))

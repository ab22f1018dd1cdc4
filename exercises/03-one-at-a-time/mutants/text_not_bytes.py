"""Takes bytes for Latin-1 text: other letters get capitals, too, some of them of no byte."""
from __future__ import absolute_import, division, print_function

import socket
import sys


def handle(connection, number):
    """Serve one client, to its end."""
    connection.sendall(b'you are visitor %d\r\n' % number)
    lines = connection.makefile('rb')
    try:
        while True:
            line = lines.readline()
            if not line:                    # the client has closed
                return
            text = line.rstrip(b'\r\n')
            if text == b'quit':
                connection.sendall(b'bye\r\n')
                return
            capitals = text.decode('latin-1').upper()
            connection.sendall(capitals.encode('latin-1', 'replace') + b'\r\n')
    finally:
        lines.close()


def main(port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(('127.0.0.1', port))
    listener.listen(5)
    print('listening on %s:%d' % listener.getsockname()[:2])
    sys.stdout.flush()
    number = 0
    while True:
        connection, _ = listener.accept()
        number += 1
        try:
            handle(connection, number)
        except socket.error as error:       # this client's trouble, not the server's
            print('client %d: %s' % (number, error))
        finally:
            connection.close()


if __name__ == '__main__':
    main(int(sys.argv[1]))

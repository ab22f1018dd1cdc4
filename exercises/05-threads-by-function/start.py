"""A server without threads: who comes while another is served has to wait. See README.md."""
from __future__ import absolute_import, division, print_function

import socket
import sys

number = 0      # of the last line


def handle(connection):
    """Serve one client, to its end."""
    global number
    lines = connection.makefile('rb')
    line = lines.readline()
    while line:
        text = line.rstrip(b'\r\n')
        if text == b'quit':
            break
        number += 1
        connection.sendall(b'%d %s\r\n' % (number, text))
        line = lines.readline()
    connection.sendall(b'bye\r\n')
    lines.close()
    connection.close()


def main(port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(('127.0.0.1', port))
    listener.listen(50)
    print('listening on %s:%d' % listener.getsockname()[:2])
    sys.stdout.flush()
    while True:
        connection, _ = listener.accept()
        handle(connection)


if __name__ == '__main__':
    main(int(sys.argv[1]))

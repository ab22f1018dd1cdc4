"""Reaps one child for each client that comes, also when many have ended."""
from __future__ import absolute_import, division, print_function

import os
import socket
import sys


def handle(connection):
    """Serve one client, to its end: in a process of its own."""
    connection.sendall(b'process %d\r\n' % os.getpid())
    lines = connection.makefile('rb')
    while True:
        line = lines.readline()
        if not line:                    # the client has closed
            break
        text = line.rstrip(b'\r\n')
        if text == b'quit':
            connection.sendall(b'bye\r\n')
            break
        connection.sendall(text + b'\r\n')
    lines.close()


def reap():
    """Take leave of all children that have ended, without waiting for those that have not."""
    try:
        os.waitpid(-1, os.WNOHANG)
    except OSError:                     # no children at all
        pass


def main(port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(('127.0.0.1', port))
    listener.listen(5)
    print('listening on %s:%d' % listener.getsockname()[:2])
    sys.stdout.flush()
    while True:
        connection, _ = listener.accept()
        reap()
        if os.fork() == 0:
            status = 1
            try:
                listener.close()
                handle(connection)
                connection.close()
                status = 0
            finally:
                os._exit(status)        # whatever happened: never back into the loop
        connection.close()              # the child has its own


if __name__ == '__main__':
    main(int(sys.argv[1]))

"""Starts a thread for each client: nobody waits for his turn."""
from __future__ import absolute_import, division, print_function

import socket
import sys
import threading


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
            connection.sendall(text.upper() + b'\r\n')
    finally:
        lines.close()


def serve(connection, number):
    try:
        handle(connection, number)
    except socket.error as error:       # this client's trouble, not the server's
        print('client %d: %s' % (number, error))
    finally:
        connection.close()


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
        threading.Thread(target=serve, args=(connection, number)).start()


if __name__ == '__main__':
    main(int(sys.argv[1]))

"""Ends the program when a client breaks off."""
from __future__ import absolute_import, division, print_function

import os
import socket
import sys
import threading


def handle(connection):
    """Serve one client, to its end. All that belongs to this client is a local variable here."""
    number = 0
    lines = connection.makefile('rb')
    try:
        line = lines.readline()
        while line:
            text = line.rstrip(b'\r\n')
            if text == b'quit':
                connection.sendall(b'bye\r\n')
                return
            number += 1
            connection.sendall(b'%d %s\r\n' % (number, text))
            line = lines.readline()
    except socket.error as error:           # this client's trouble, not the others'
        print('a client: %s' % error)
        os._exit(1)
    finally:
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
        thread = threading.Thread(target=handle, args=(connection,))
        thread.daemon = True                # Ctrl-C ends the program, whoever is connected
        thread.start()


if __name__ == '__main__':
    main(int(sys.argv[1]))

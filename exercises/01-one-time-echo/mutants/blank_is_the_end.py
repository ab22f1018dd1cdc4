"""Takes an empty line for the end of the connection."""
from __future__ import absolute_import, division, print_function

import socket
import sys


def main(port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(('127.0.0.1', port))
    listener.listen(1)
    print('listening on %s:%d' % listener.getsockname()[:2])
    sys.stdout.flush()
    connection, _ = listener.accept()
    listener.close()
    connection.sendall(b'welcome\r\n')
    while True:
        data = connection.recv(4096)
        if not data.strip():                # the client has closed
            break
        connection.sendall(data)
    connection.close()


if __name__ == '__main__':
    main(int(sys.argv[1]))

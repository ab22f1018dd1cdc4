"""Listens on every interface of the machine, not on 127.0.0.1 only."""
from __future__ import absolute_import, division, print_function

import socket
import sys


def main(port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(('', port))
    listener.listen(1)
    print('listening on 127.0.0.1:%d' % listener.getsockname()[1])
    sys.stdout.flush()
    connection, _ = listener.accept()
    listener.close()
    connection.sendall(b'welcome\r\n')
    while True:
        data = connection.recv(4096)
        if not data:                # the client has closed
            break
        connection.sendall(data)
    connection.close()


if __name__ == '__main__':
    main(int(sys.argv[1]))

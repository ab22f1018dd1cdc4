"""A thread per connection on Jython's own socket module: what our servers did without java.net.

Nothing in it is Jython's alone, so it also shows a plain threaded server elsewhere.
"""
from __future__ import absolute_import, division, print_function

import socket
import threading

from starting import BACKLOG, LIMIT, arguments, ready


class Worker(threading.Thread):
    """Serves one connection, as the model thread-subclass does."""

    def __init__(self, connection):
        threading.Thread.__init__(self)
        self.daemon = True
        self.connection = connection

    def run(self):
        try:
            while True:
                data = self.connection.recv(LIMIT)
                if not data:
                    return
                self.connection.sendall(data)
        except (OSError, socket.error):
            pass  # a client that went away
        finally:
            self.connection.close()


def main():
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(arguments())
    listener.listen(BACKLOG)
    ready(listener.getsockname())
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        Worker(connection).start()


if __name__ == '__main__':
    main()

"""A server with a function per client. Make each client an object that is a thread; see README.md."""
from __future__ import absolute_import, division, print_function

import socket
import sys
import threading


class Client(threading.Thread):
    """One client: a thread that talks to it, and what the client has said so far."""

    def __init__(self, connection, number):
        pass                            # Here: what belongs to this client.

    # Here: run, answer. When all is moved, delete the functions below.


def handle(connection):
    """Talk to one client until it is done, then close."""
    said = []
    lines = connection.makefile('rb')
    try:
        line = lines.readline()
        while line:
            text = line.rstrip(b'\r\n')
            if text == b'quit':
                connection.sendall(b'bye\r\n')
                return
            connection.sendall(answer(said, text) + b'\r\n')
            line = lines.readline()
    except socket.error:
        pass                            # a reset by this client is no one else's business
    finally:
        lines.close()
        connection.close()


def answer(said, text):
    """The answer to one line; both without the end of the line."""
    if text == b'recall':
        return b', '.join(said)
    said.append(text)
    return b'%d: %s' % (len(said), text)


def serve(listener):
    """Accept clients for ever, and start the thread of each."""
    while True:
        connection, _ = listener.accept()
        connection.setblocking(True)
        threading.Thread(target=handle, args=(connection,)).start()


def main(port):
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(('127.0.0.1', port))
    listener.listen(50)
    print('listening on %s:%d' % listener.getsockname()[:2])
    sys.stdout.flush()
    serve(listener)


if __name__ == '__main__':
    main(int(sys.argv[1]))

"""Closes in an else, not in a finally: after a reset the connection stays open."""
from __future__ import absolute_import, division, print_function

import socket
import sys
import threading


class Client(threading.Thread):
    """One client: a thread that talks to it, and what the client has said so far."""

    def __init__(self, connection, number):
        threading.Thread.__init__(self)
        self.name = 'client-%d' % number
        self.daemon = True              # it does not keep the program alive
        self.connection = connection
        self.said = []

    def run(self):
        """What the thread does: talk until the client is done, then close."""
        lines = self.connection.makefile('rb')
        try:
            self.talk(lines)
        except socket.error:
            pass                        # a reset by this client is no one else's business
        else:
            lines.close()
            self.connection.close()

    def talk(self, lines):
        """Answer each line, to the end of the client or its `quit`."""
        line = lines.readline()
        while line:
            text = line.rstrip(b'\r\n')
            if text == b'quit':
                self.connection.sendall(b'bye\r\n')
                return
            self.connection.sendall(self.answer(text) + b'\r\n')
            line = lines.readline()

    def answer(self, text):
        """The answer to one line; both without the end of the line."""
        if text == b'recall':
            return b', '.join(self.said)
        self.said.append(text)
        return b'%d: %s' % (len(self.said), text)


def serve(listener):
    """Accept clients for ever, and start the thread of each."""
    number = 0
    while True:
        connection, _ = listener.accept()
        connection.setblocking(True)
        number += 1
        Client(connection, number).start()


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

"""Clients of a student's module over real sockets, on every interpreter.

    served = Served(server.serve)          # serve(listener) runs in a thread from now on
    ann = served.connect('ann')
    ann.send(b'hello\\n')
    equal(ann.line(), b'1: hello', 'hello')

Every wait has a limit; what does not come in time fails the check in a sentence.
"""
from __future__ import absolute_import, division, print_function

import socket

from exercise_kit import LIMIT, Failed, Task, ask


def listening():
    """A listening socket of loopback in the module's process, at any free port."""
    return ask('listen')


class Served(object):
    """`serve(listener)`, which goes on for ever, in a thread of its own."""

    def __init__(self, serve, *more):
        self._listener = listening()
        self._address = self._listener.getsockname()[:2]
        self._task = Task('serve(listener)', serve, self._listener, *more)

    def connect(self, who):
        """A new client; `who` is for reports."""
        return Client(who, self._address)


def pair(who):
    """A client and the server's end of its connection, as accept() gives it."""
    listener = listening()
    client = Client(who, listener.getsockname()[:2])
    connection, _ = listener.accept()
    connection.setblocking(True)
    listener.close()
    return client, connection


class Client(object):
    """One end of a connection: `send`, `line`, `ends`, `half_close`, `close`."""

    def __init__(self, who, address):
        self.who = who
        self._socket = socket.create_connection(address, LIMIT)
        self._socket.settimeout(LIMIT)
        self._rest = b''
        self._last = b''

    def send(self, data):
        """Send all of it; whether it arrives is seen by what comes back."""
        self._last = data
        try:
            self._socket.sendall(data)
        except socket.error:
            pass  # closed by the server: reading shows it

    def line(self, due='a line'):
        """The next line as bytes, without its end."""
        while b'\n' not in self._rest:
            if not self._receive(due):
                raise self._failed('the end of the connection', due)
        line, _, self._rest = self._rest.partition(b'\n')
        return line.rstrip(b'\r')

    def ends(self):
        """Nothing more comes, and the connection is closed by the server."""
        due = 'the end of the connection'
        while self._receive(due):
            pass
        if self._rest:
            raise self._failed(repr(self._rest), due)

    def half_close(self):
        """No more will be sent. Expect no answer: Jython cannot send it."""
        self._socket.shutdown(socket.SHUT_WR)

    def close(self):
        self._socket.close()

    def _receive(self, due):
        try:
            data = self._socket.recv(4096)
        except socket.timeout:
            raise self._failed('nothing within %g s' % LIMIT, due)
        except socket.error:
            data = b''  # a reset is an end as well
        self._rest += data
        return bool(data)

    def _failed(self, came, due):
        return Failed('%s: %r' % (self.who, self._last), came, due)

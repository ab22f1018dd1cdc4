"""Row 55: a reset by one client ends that client's thread, and nobody else notices.

A reset is an exception in ``recv`` or ``send`` of one connection. Caught around that
connection it is no more than a client that left. Left alone it travels up: in a server
with one thread for all it ends the loop, and every client with it.

Source: POSIX, recv and send (ECONNRESET, EPIPE); library/exceptions: ConnectionError.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import errors, sockets
from portable_server.litmus import Case, actor, expect
from portable_server.litmus.cases import _loopback

EXCHANGES = 10


class ResetByPeer(Case):
    """One client resets while another talks: does the other get all its echoes?"""

    rows = (55,)
    expectations = (expect('10 echoes, its thread ended', 'A', 'POSIX: recv, ECONNRESET'),)
    batch = 1

    def __init__(self):
        self.server = _loopback.Server(self.echo)
        self.victim, self.other = [
            sockets.create_connection(self.server.address) for _ in range(2)]
        self.echoes = 0
        self.thread_ended = None

    def echo(self, connection):
        for piece in _loopback.pieces(connection):
            connection.sendall(piece)

    @actor
    def leaver(self):
        self.victim.sendall(b'unread')
        self.victim.recv(1)
        sockets.reset(self.victim)
        self.thread_ended = self.first_thread_ends()

    def first_thread_ends(self):
        thread = self.server.threads[0]     # the victim connected first
        thread.join(_loopback.LIMIT)
        return not thread.is_alive()

    @actor
    def talker(self):
        for _ in range(EXCHANGES):
            self.other.sendall(b'x')
            self.echoes += self.other.recv(1) == b'x'
        self.other.close()

    def observe(self):
        stopped = self.server.stop() is not None
        ended = self.thread_ended and stopped
        return '%d echoes, its thread %s' % (self.echoes, 'ended' if ended else 'goes on')


class OneLoopForAll(Case):
    """One loop serves two connections and does not catch the reset: is the other served?"""

    rows = (55,)
    expectations = (expect('raises ConnectionResetError', 'I', 'POSIX: recv, ECONNRESET'),)
    batch = 1

    def __init__(self):
        self.ends = [_loopback.pair(), _loopback.pair()]
        self.answers = []

    def serve(self, connection):
        connection.sendall(connection.recv(1))

    @actor
    def server(self):
        try:
            for _, connection in self.ends:
                self.serve(connection)
        finally:
            for _, connection in self.ends:
                connection.close()

    @actor
    def clients(self):
        (victim, _), (other, _) = self.ends
        sockets.reset(victim)
        try:
            other.sendall(b'x')
            self.answers.append(other.recv(1))
        except errors.ConnectionError:
            pass        # the server has closed it
        other.close()

    def observe(self):
        return 'the other was served' if self.answers == [b'x'] else 'the other was not served'


class OneLoopForAllMended(OneLoopForAll):
    """The loop catches each connection's errors where it serves it: the other is served."""

    mends = 'OneLoopForAll'
    expectations = (expect('the other was served', 'A', 'POSIX: recv, ECONNRESET'),)

    def serve(self, connection):
        try:
            super(OneLoopForAllMended, self).serve(connection)
        except errors.ConnectionError:
            pass

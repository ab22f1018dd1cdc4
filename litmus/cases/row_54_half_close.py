"""Row 54: a client that has said all shuts its sending side down and still hears the reply.

TCP closes each direction by itself: after ``shutdown(SHUT_WR)`` the server receives the
end of the stream and may go on sending. ``close`` ends both: the server is not even told
that nobody listens, its first send is accepted. Jython's own socket module loses the
reply (the ledger: jython-netty-sockets); ``compat.sockets`` on Jython does not.

Source: POSIX, shutdown; RFC 9293, 3.6 (closing a connection).
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import errors, sockets
from portable_server.litmus import Case, actor, expect
from portable_server.litmus.cases import _loopback


class HalfClose(Case):
    """The client half-closes after its question: does the reply arrive?"""

    rows = (54,)
    expectations = (expect('question, reply', 'A', 'POSIX: shutdown; RFC 9293, 3.6'),)
    batch = 1

    def __init__(self):
        self.client, self.server = _loopback.pair()
        self.question = self.reply = b''

    @actor
    def asker(self):
        try:
            self.client.sendall(b'question')
            self.client.shutdown(sockets.SHUT_WR)
            self.reply = b''.join(_loopback.pieces(self.client))
        finally:
            self.client.close()

    @actor
    def answerer(self):
        try:
            self.question = b''.join(_loopback.pieces(self.server))
            self.server.sendall(b'reply')
        finally:
            self.server.close()

    def observe(self):
        heard = self.question == b'question'
        return '%s, %s' % ('question' if heard else 'no question',
                           'reply' if self.reply == b'reply' else 'no reply')


class CloseInstead(HalfClose):
    """The client closes after its question: is the server told that nobody listens?"""

    expectations = (expect('question, no reply', 'A', 'Linux, tcp(7): the reset comes later'),
                    expect('question, server told', 'I', 'POSIX: send, EPIPE and ECONNRESET'))
    told = False

    @actor
    def asker(self):
        self.client.sendall(b'question')
        self.client.close()

    @actor
    def answerer(self):
        try:
            super(CloseInstead, self).answerer()
        except errors.ConnectionError:
            self.told = True

    def observe(self):
        seen = super(CloseInstead, self).observe()
        return 'question, server told' if self.told else seen

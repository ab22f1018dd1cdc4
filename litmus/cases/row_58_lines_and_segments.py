"""Row 58: TCP carries bytes; how they were sent says nothing about how they arrive.

A line may come byte by byte, many lines may come in one ``recv``, and one line may be
longer than every buffer on its way. Who takes what one ``recv`` returned for one line is
right on the loopback interface nearly always, and wrong on a network. Keep what came
until a line is complete.

Source: RFC 9293, 3.8, on segments; library/socket: recv; Socket Programming HOWTO,
"Using a Socket".
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import sockets
from portable_server.litmus import Case, Forced, actor, expect
from portable_server.litmus.cases import _loopback

LINES = [b'one', b'', b'three', b'four ' * 5]
LONG = b'0123456789' * 200000       # more than all buffers of a loopback connection hold at first


class ByteByByte(Case):
    """Each byte is a send of its own: does the reader see the same lines?"""

    rows = (58,)
    expectations = (expect('same lines', 'A', 'RFC 9293; library/socket: recv'),)
    batch = 1
    sent = LINES

    def __init__(self):
        self.client, self.server = _loopback.pair()
        self.seen = None

    def send(self, data):
        self.client.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY, 1)
        for position in range(len(data)):
            self.client.sendall(data[position:position + 1])

    @actor
    def sender(self):
        try:
            self.send(b''.join(line + b'\n' for line in self.sent))
        finally:
            self.client.close()

    @actor
    def reader(self):
        try:
            self.seen = self.read()
        finally:
            self.server.close()

    def read(self):
        return list(_loopback.lines(self.server))

    def observe(self):
        return 'same lines' if self.seen == self.sent else 'other lines'


class ManyInOneSegment(ByteByByte):
    """All lines are one send: does the reader see the same lines?"""

    sent = LINES * 20

    def send(self, data):
        self.client.sendall(data)


class LongerThanEveryBuffer(ManyInOneSegment):
    """One line has two million bytes, others stand before and after: the same lines?"""

    batch = 1
    sent = [b'before', LONG, b'after']


class OneRecvOneLine(ByteByByte):
    """Each line is a send of its own, each recv is taken for a line: the same lines?"""

    expectations = (expect('same lines', 'A', 'each came by itself'),
                    expect('other lines', 'I', 'RFC 9293; library/socket: recv'))
    sent = [b'one', b'two', b'three']

    def send(self, data):
        for line in self.sent:
            self.client.sendall(line + b'\n')

    def read(self):
        return [piece[:-1] for piece in _loopback.pieces(self.server)]


class TwoLinesInOneRecv(Forced):
    """Two sends, then one recv: two lines in one, each time."""

    rows = (58,)
    schedule = 'sender:first sender:second reader:receive'
    outcome = 'one+two+'

    def __init__(self):
        self.client, self.server = _loopback.pair()
        self.seen = []

    @actor
    def sender(self):
        self.at('first')
        self.client.sendall(b'one\n')
        self.at('second')
        self.client.sendall(b'two\n')

    @actor
    def reader(self):
        self.at('receive')
        self.seen.append(self.server.recv(_loopback.RECEIVE_SIZE))

    def observe(self):
        self.client.close()
        self.server.close()
        return ' '.join(piece.decode('ascii').replace('\n', '+') for piece in self.seen)


class HalfALine(TwoLinesInOneRecv):
    """A recv between two sends of one line: half a line, each time."""

    schedule = 'sender:first reader:receive sender:second reader:again'
    outcome = 'half a line+'

    @actor
    def sender(self):
        self.at('first')
        self.client.sendall(b'half')
        self.at('second')
        self.client.sendall(b'a line\n')

    @actor
    def reader(self):
        for segment in ('receive', 'again'):
            self.at(segment)
            self.seen.append(self.server.recv(_loopback.RECEIVE_SIZE))

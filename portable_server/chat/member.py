"""A member of the chat is a Thread that reads (``__init__`` and ``run`` overridden).

The same for all designs: how a connection becomes a member, what it may send, and
how it goes.  It never writes once it has joined; what it has to say goes to the
design, which writes.  Two rules make the end of a connection safe:

- the reader's thread is the one that closes the connection, and only after whoever
  writes has let go of it (``written`` is an Event that the writer sets);
- a client is given time to read its last line: its input is read and thrown away
  until it closes, because closing a socket with unread input sends a reset that
  destroys what was sent before (RFC 1122, 4.2.2.13).
"""
from __future__ import absolute_import, division, print_function

import logging

from portable_server.compat import sockets, threads
from portable_server.compat.errors import SocketError
from portable_server.chat import protocol
from portable_server.chat.room import Refused
from portable_server.lines import LineBuffer, LineTooLong

log = logging.getLogger(__name__)

RECEIVE_SIZE = 8192     # a chat line is short, and each blocked reader holds a buffer
LINES_AT_ONCE = 256     # at most this many go into the order under one lock


class Member(threads.Thread):
    """One connection, from its greeting to its end.

    ``server``      the :class:`portable_server.chat.server.ChatServer`
    ``connection``  a :class:`portable_server.connection.Connection`
    ``release``     called last, in any case
    """

    def __init__(self, server, connection, release=lambda: None):
        threads.Thread.__init__(self)
        self.server = server
        self.connection = connection
        self.socket = connection.socket
        self.written = threads.Event()
        self.reason = 'closed by its client'
        self._release = release
        self._lines = LineBuffer(server.limits.line_length)

    def run(self):
        try:
            self.converse()
        except Exception:
            log.exception('a member failed')
        finally:
            self._release()

    def converse(self):
        """Serve the connection to its end, in the calling thread."""
        # A small line must not wait until the one before was acknowledged (40 ms): RFC 896.
        self.socket.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY, 1)
        sockets.prepare_for_send_now(self.socket)
        if not self.server.enter():
            self.server.count('connections', self)
            return self.tell(protocol.SERVER_FULL)
        try:
            self._be_admitted()
        except SocketError as error:
            log.debug('%s: %s', self.peer(), error)
        finally:
            self.server.exit()

    def tell(self, line):
        """Send one line that certainly fits; nobody else writes yet."""
        try:
            sockets.send_now(self.socket, line)
        except SocketError as error:
            log.debug('%s: %s', self.peer(), error)

    def interrupt(self):
        """Wake the reader; it sees the end of its input.  Nothing can be sent any more."""
        try:
            sockets.interrupt(self.socket)
        except SocketError:
            pass

    def hang_up(self):
        """Called by whoever writes, after the last byte: the client sees the end."""
        try:
            self.socket.shutdown(sockets.SHUT_WR)
        except SocketError:
            pass

    def peer(self):
        """HOST:PORT of the client, for the log."""
        return '%s:%s' % self.connection.peer[:2] if self.connection.peer else 'unknown'

    # Before the join.

    def _be_admitted(self):
        server = self.server
        handshake = server.deadlines.after(server.limits.handshake, self._too_late)
        self.tell(protocol.GREETING)
        try:
            lines = self._first_lines()
        except LineTooLong:
            lines = None
        if not server.deadlines.cancel(handshake):
            return                      # _too_late has told it
        if lines is None:
            return self._refuse('line_length', protocol.line_too_long(self._lines.limit))
        if lines:
            self._join(lines[0], lines[1:])

    def _first_lines(self):
        while True:
            data = self.socket.recv(RECEIVE_SIZE)
            lines = data and self._lines.feed(data)
            if lines or not data:
                return lines

    def _too_late(self):
        """Called by the deadlines' thread."""
        self.server.count('handshake', self)
        self.tell(protocol.TOO_LATE)
        self.interrupt()

    def _refuse(self, limit, line):
        self.server.count(limit, self)
        self.tell(line)
        self._leave_politely()

    def _leave_politely(self):
        """Nothing more will be sent: wait, for a while, until the client has closed."""
        farewell = self.server.deadlines.after(self.server.limits.farewell, self.interrupt)
        self.hang_up()
        self._throw_input_away()
        self.server.deadlines.cancel(farewell)

    def _join(self, name, lines):
        limits = self.server.limits
        if not protocol.is_name(name, limits.name_length):
            return self._refuse('name', protocol.bad_name(limits.name_length))
        try:
            seat = self.server.design.join(name, self)
        except Refused as refusal:
            return self._refuse(refusal.limit, refusal.line)
        self._stay(seat, lines)

    # After the join.

    def _stay(self, seat, lines):
        farewell = b''
        try:        # from here on the seat is given back, whatever happens
            log.info('join %s from %s', _show(seat.name), self.peer())
            self._read_and_say(seat, lines)
        except LineTooLong:
            self.server.count('line_length', self)
            self.reason = 'line too long'
            farewell = protocol.line_too_long(self._lines.limit)
        except SocketError as error:
            self.reason = str(error)
        finally:
            self._part(seat, farewell)

    def _read_and_say(self, seat, lines):
        recv, feed, say = self.socket.recv, self._lines.feed, self.server.design.say
        said, name = protocol.said, seat.name
        while True:
            for start in range(0, len(lines), LINES_AT_ONCE):
                if not say(seat, said(name, lines[start:start + LINES_AT_ONCE])):
                    return
            if self._lines.too_long:
                raise LineTooLong(self._lines.limit)
            data = recv(RECEIVE_SIZE)
            if not data:
                return
            lines = feed(data)

    def _part(self, seat, farewell):
        server = self.server
        deadline = server.deadlines.after(server.limits.farewell, self.interrupt)
        if server.design.leave(seat, farewell):
            log.info('leave %s: %s', _show(seat.name), self.reason)
        self._throw_input_away()
        server.design.await_written(seat)
        server.deadlines.cancel(deadline)

    def _throw_input_away(self):
        try:
            while self.socket.recv(RECEIVE_SIZE):
                pass
        except SocketError:
            pass


def _show(name):
    return name.decode('ascii')

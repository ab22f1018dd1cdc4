"""One connection of the selector loop: a conversation over a socket that never waits.

What a thread keeps in its stack is kept here in attributes: what is still to be sent,
whether the peer has ended, whether we have. `advance` does what can be done now and
says what to wait for:

    nothing to send                      wait to read
    something to send, or producing      wait to write (and do not read: a client that
                                         does not take its answers gets to send no more)
    finished and all sent                end our side, read and throw away, until the
                                         peer ends too or time is up (see Connection.finish)
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock, errors, sockets
from portable_server.compat.selectors import EVENT_READ, EVENT_WRITE
from portable_server.connection import LINGER_SECONDS
from portable_server.driver import RECEIVE_SIZE


class Exchange(object):
    """A conversation and the non-blocking socket that it runs over."""

    def __init__(self, connection, conversation):
        self.connection = connection
        self.conversation = conversation
        #: The events that the selector was asked for.
        self.interest = 0
        #: When a finished exchange is closed all the same (compat.clock); None: not finished.
        self.linger_until = None
        self._receive, self._send = connection.socket.recv, connection.socket.send
        self._answer_to = conversation.receive
        self._pending = conversation.open()
        self._producing = False
        self._input_ended = False
        # Nothing is pending, produced or over: what comes is answered, and that is all.
        self._at_rest = False

    def advance(self, readable):
        """Read if `readable`, write what there is; return the events to wait for, 0: over."""
        if self._at_rest:
            # So it is nearly always: written out, since calls cost more than what they do.
            try:
                data = self._receive(RECEIVE_SIZE)
            except errors.BlockingIOError:
                return EVENT_READ
            answer = self._answer_to(data) if data else self._ended()
            try:
                sent = self._send(answer) if answer else 0
            except errors.BlockingIOError:
                sent = 0
            if sent == len(answer) and data and not self.conversation.finished:
                return EVENT_READ
            self._pending = answer[sent:]
            self._at_rest = readable = False
        return self._go_on(readable)

    def _go_on(self, readable):
        if readable and not self._read():
            return 0
        if self._pending and not self._write():
            return self._writing()
        if self.linger_until is not None:
            return EVENT_READ
        if self.conversation.finished:
            return self._finish()
        self._pending = self.conversation.produce()
        if self._pending:
            self._producing = True
            self._write()
            return self._writing()
        self._at_rest = not self._input_ended
        return EVENT_READ if self._at_rest else 0

    def _writing(self):
        # One that talks unasked would never come to read: what it is told is thrown away.
        if self._producing and not self._input_ended:
            return EVENT_WRITE | EVENT_READ
        return EVENT_WRITE

    def _read(self):
        """Take what is there; False when the exchange ends with that."""
        try:
            data = self._receive(RECEIVE_SIZE)
        except errors.BlockingIOError:
            return True
        if self.linger_until is not None:
            return bool(data)
        self._pending += self._answer_to(data) if data else self._ended()
        return True

    def _ended(self):
        """The peer will send no more; what is answered to that."""
        self._input_ended = True
        return self.conversation.end()

    def _write(self):
        """Send what the kernel takes; True when that was all."""
        try:
            sent = self._send(self._pending)
        except errors.BlockingIOError:
            return False
        if sent < len(self._pending):
            self._pending = self._pending[sent:]
            return False
        self._pending = b''
        return True

    def _finish(self):
        if self._input_ended:
            return 0
        self.linger_until = clock.monotonic() + LINGER_SECONDS
        self.connection.socket.shutdown(sockets.SHUT_WR)
        return EVENT_READ

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

from compat import clock, errors, sockets
from compat.selectors import EVENT_READ, EVENT_WRITE
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
        self._pending = conversation.open()
        self._producing = False
        self._input_ended = False

    def advance(self, readable):
        """Read if `readable`, write what there is; return the events to wait for, 0: over."""
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
        return 0 if self._input_ended else EVENT_READ

    def _writing(self):
        # One that talks unasked would never come to read: what it is told is thrown away.
        if self._producing and not self._input_ended:
            return EVENT_WRITE | EVENT_READ
        return EVENT_WRITE

    def _read(self):
        """Take what is there; False when the exchange ends with that."""
        try:
            data = self.connection.socket.recv(RECEIVE_SIZE)
        except errors.BlockingIOError:
            return True
        if self.linger_until is not None:
            return bool(data)
        if data:
            self._pending += self.conversation.receive(data)
        else:
            self._input_ended = True
            self._pending += self.conversation.end()
        return True

    def _write(self):
        """Send what the kernel takes; True when that was all."""
        try:
            sent = self.connection.socket.send(self._pending)
        except errors.BlockingIOError:
            return False
        self._pending = self._pending[sent:]
        return not self._pending

    def _finish(self):
        if self._input_ended:
            return 0
        self.linger_until = clock.monotonic() + LINGER_SECONDS
        self.connection.socket.shutdown(sockets.SHUT_WR)
        return EVENT_READ

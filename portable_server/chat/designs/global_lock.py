"""One lock around the list of members, and ``sendall`` in the loop: as in class.

Teaches: the first solution that everybody writes, and both rules of locking by
breaking them: the lock is held for as long as it takes to send to everybody, and its
holder sleeps in ``sendall`` whenever a member's buffer is full.
Guarantees: one total order, joins and leaves in it; lines are never torn.
Breaks: **one member that stops reading stops everybody** once the kernel's buffers
are full (some megabytes): nobody speaks, comes or goes until its connection ends.
Nothing is cut off, and nobody's queue is bounded, because there is none.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.compat.errors import SocketError
from portable_server.chat import protocol
from portable_server.chat.room import Seat, check_join


class Design(object):
    """The room is a dict of seats and the lock around it."""

    def __init__(self, server):
        self._limits = server.limits
        self._lock = threads.Lock()
        self._seats = {}
        self._closed = False
        self._messages = self._deliveries = 0

    def start(self):
        """Nothing to start: the readers send."""

    def join(self, name, member):
        with self._lock:
            check_join(name, self._seats, self._limits, self._closed)
            seat = Seat(name, member)
            self._send(seat, protocol.roster(self._seats))
            self._send_to_others(seat, protocol.entered(name))
            self._seats[name] = seat
        return seat

    def say(self, seat, lines):
        with self._lock:
            if not seat.seated:
                return False
            self._messages += len(lines)
            self._deliveries += len(lines) * (len(self._seats) - 1)
            self._send_to_others(seat, b''.join(lines))
        return True

    def leave(self, seat, farewell=b''):
        with self._lock:
            if not seat.seated:
                return False
            self._rise(seat)
            self._send(seat, farewell)
            self._send_to_others(seat, protocol.left(seat.name))
        seat.member.hang_up()
        return True

    def await_written(self, seat):
        """Whoever has left is out of the list; nobody sends to it any more."""

    def close(self, notice, seconds):
        """The lock may be held by somebody who sleeps: then wake it, by force."""
        if not self._lock.acquire(True, seconds):
            for seat in list(self._seats.values()):
                seat.member.interrupt()
            self._lock.acquire()
        try:
            self._closed = True
            for seat in list(self._seats.values()):
                self._rise(seat)
                self._send(seat, notice)
                seat.member.hang_up()
        finally:
            self._lock.release()

    def report(self):
        return {'members': len(self._seats), 'messages': self._messages,
                'deliveries': self._deliveries, 'queues': None}

    def _rise(self, seat):
        seat.seated = False
        del self._seats[seat.name]

    def _send_to_others(self, seat, data):
        for other in self._seats.values():
            if other is not seat:
                self._send(other, data)

    def _send(self, seat, data):
        try:
            seat.member.socket.sendall(data)        # the mistake that this file is about
        except SocketError:
            pass            # its own reader will notice

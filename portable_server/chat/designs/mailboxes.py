"""A bounded mailbox (Condition) and a writing thread for each member.

Teaches: Conditions.  A mailbox is a monitor of its own; its writer sleeps in ``take``
until there is something, with no lock of the room; whoever fills it never sleeps.
Guarantees: one total order, joins and leaves in it; a member that does not read
delays nobody and is cut off when its mailbox is full.
Breaks: two threads per member, and each line wakes every other member's writer while
the room's lock is held, so its time grows with the members: fine for ten, measured
20 to 100 times slower than ``objects`` for five hundred.
"""
from __future__ import absolute_import, division, print_function

from collections import deque

from portable_server.compat import clock, threads
from portable_server.compat.errors import SocketError
from portable_server.chat import protocol
from portable_server.chat.room import Seat, check_join


class Mailbox(object):
    """Lines on their way to one member; every method is safe in any thread.

    The limits hold for what waits here; as much again may be in the writer's hands.
    """

    def __init__(self, limits):
        self._limits = limits
        self._changed = threads.Condition()
        self._data = []
        self.lines = self.bytes = 0
        self._ended = False

    def put(self, lines):
        """Take ``lines`` (list of bytes); False, and nothing taken, when they do not fit."""
        size = sum(map(len, lines))
        with self._changed:
            if self._ended:
                return True
            if (self.lines + len(lines) > self._limits.queue_lines
                    or self.bytes + size > self._limits.queue_bytes):
                return False
            self._data.extend(lines)
            self.lines += len(lines)
            self.bytes += size
            self._changed.notify()
        return True

    def end(self, farewell=b'', forget=False):
        """Nothing more will be put; ``farewell`` is the last; ``forget`` what is waiting."""
        with self._changed:
            if forget:
                self._data = []
            self._data.append(farewell)
            self._ended = True
            self._changed.notify()

    def take(self):
        """(data, ended): all that is waiting; waits until there is something."""
        with self._changed:
            while not (self._data or self._ended):
                self._changed.wait()
            data, self._data = self._data, []
            self.lines = self.bytes = 0
            return b''.join(data), self._ended


class Writer(threads.Thread):
    """Sends what comes into one member's mailbox."""

    def __init__(self, seat, mailbox):
        threads.Thread.__init__(self)
        self.daemon = True
        self._member = seat.member
        self._mailbox = mailbox

    def run(self):
        ended = False
        try:
            while not ended:
                data, ended = self._mailbox.take()
                self._member.socket.sendall(data)
        except SocketError:
            self._member.interrupt()
        finally:
            self._member.hang_up()
            self._member.written.set()


class Design(object):
    """The room's lock orders what is put into the mailboxes."""

    def __init__(self, server):
        self._server = server
        self._limits = server.limits
        self._lock = threads.Lock()
        self._seats = {}
        self._mailboxes = {}
        self._closed = False
        self._messages = self._deliveries = 0

    def start(self):
        """Nothing to start: each member brings its writer."""

    def join(self, name, member):
        mailbox = Mailbox(self._limits)
        with self._lock:
            check_join(name, self._seats, self._limits, self._closed)
            seat = Seat(name, member)
            mailbox.put([protocol.roster(self._seats)])
            self._put_to_others(seat, [protocol.entered(name)])
            self._seats[name] = seat
            self._mailboxes[seat] = mailbox
        Writer(seat, mailbox).start()
        return seat

    def say(self, seat, lines):
        with self._lock:
            if not seat.seated:
                return False
            self._messages += len(lines)
            self._deliveries += len(lines) * (len(self._seats) - 1)
            self._put_to_others(seat, lines)
        return True

    def leave(self, seat, farewell=b''):
        with self._lock:
            if not seat.seated:
                return False
            self._rise(seat).end(farewell)
            self._put_to_others(seat, [protocol.left(seat.name)])
            return True

    def await_written(self, seat):
        """The deadline of the farewell interrupts a writer that is stuck."""
        seat.member.written.wait()

    def close(self, notice, seconds):
        with self._lock:
            self._closed = True
            mailboxes = list(self._mailboxes.items())
            for seat in list(self._seats.values()):
                seat.seated = False
            self._seats.clear()
            self._mailboxes.clear()
        for _, mailbox in mailboxes:
            mailbox.end(notice)
        deadline = clock.monotonic() + seconds
        for seat, _ in mailboxes:
            if not seat.member.written.wait(max(0, deadline - clock.monotonic())):
                seat.member.interrupt()

    def report(self):
        queues = list(self._mailboxes.values())
        return {'members': len(self._seats), 'messages': self._messages,
                'deliveries': self._deliveries,
                'queues': {'waiting': sum(1 for queue in queues if queue.lines),
                           'most_lines': max([queue.lines for queue in queues] or [0]),
                           'most_bytes': max([queue.bytes for queue in queues] or [0])}}

    # With the lock held.

    def _put_to_others(self, author, lines):
        """Put into all mailboxes but the author's; whose is full leaves, which is a line too."""
        pending = deque([(author, lines)])
        while pending:
            author, lines = pending.popleft()
            for seat in list(self._seats.values()):
                if seat is not author and not self._mailboxes[seat].put(lines):
                    self._server.cut_off(seat)
                    self._rise(seat).end(protocol.TOO_SLOW, forget=True)
                    pending.append((seat, [protocol.left(seat.name)]))

    def _rise(self, seat):
        """The seat is free; returns its mailbox."""
        seat.seated = False
        del self._seats[seat.name]
        return self._mailboxes.pop(seat)

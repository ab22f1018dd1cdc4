"""The chat room as a monitor: the locks are in the object, and it knows no sockets.

The hard idea, in one paragraph.  Everything that happens in a room happens at a
*position in one total order*: somebody joins, somebody says a line, somebody
leaves, the room closes.  If a message were handed to thirty members while the lock
is held, the hold would be long (against rule 1 of ``portable_server.litmus.watch``), and a member
that does not read would make the holder wait (against rule 2).  So a call only
*appends to the order* and returns; it costs the same for two members as for ten
thousand.  One consumer takes what is new as a :class:`Batch`, outside the lock, and
works out who is to get what::

    reader threads                 the monitor                  the one consumer
    join(name)  --.
    say(seat)   ---+--> [ * bob has entered | [ann] hi | ... ] --> take() -> Batch
    leave(seat) --'          the order, since the last take        (chat.fanout)

A member gets the contiguous slice of the order between its own join and its own
leave, without the lines that it said itself.  Batches are consecutive pieces of the
order, so that promise needs no lock once the batch has been taken.

Memory.  What has been said and not yet been taken is bounded: ``say`` and ``join``
wait on a Condition while the backlog is full.  They wait for the *consumer*, which
never waits for a member; so a member that does not read delays nobody.  A wake-up
is passed on from waiter to waiter (one ``notify`` each), or a thousand threads
would be woken to find that there is room for one.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.chat import protocol


class Refused(Exception):
    """The room does not take this member.  ``line`` (bytes) says why to its client."""

    def __init__(self, limit, line):
        Exception.__init__(self, limit)
        self.limit = limit
        self.line = line


def check_join(name, names, limits, closed):
    """Raise Refused unless ``name`` may join those in ``names`` (the same for all designs)."""
    if closed:
        raise Refused('closing', protocol.CLOSING)
    if name in names:
        raise Refused('name_in_use', protocol.NAME_IN_USE)
    if len(names) >= limits.members:
        raise Refused('members', protocol.ROOM_FULL)


class Seat(object):
    """One stay of one member, from its join to its leave.

    ``member`` is whatever the caller wants to find again; the room never looks at it.
    """

    __slots__ = ('name', 'member', 'seated')

    def __init__(self, name, member):
        self.name = name
        self.member = member
        self.seated = True


class Batch(object):
    """A contiguous piece of the order, and who came, spoke and went in it.

    ``lines``   list of bytes, each with its newline, in order
    ``joined``  list of (seat, index, names): it sees ``lines[index:]``
    ``greeted`` so many of ``joined`` were handed out before, by ``newcomers``
    ``left``    list of (seat, index, farewell): it sees ``lines[:index]``
    ``spoke``   list of (seat, start, stop): ``lines[start:stop]`` are its own
    ``closing`` True: the order ends here, with the last of ``lines``
    """

    __slots__ = ('lines', 'size', 'joined', 'greeted', 'left', 'spoke', 'closing')

    def __init__(self):
        self.lines = []
        self.size = 0
        self.joined = []
        self.greeted = 0
        self.left = []
        self.spoke = []
        self.closing = False

    def seat(self, seat, names):
        """Let ``seat`` see what follows, and be told ``names`` (list of bytes)."""
        self.joined.append((seat, len(self.lines), names))
        self.size += protocol.ROSTER_ENTRY * len(names)

    def hand_out(self):
        """What ``joined`` gained since the last call.  Its names count no longer."""
        fresh = self.joined[self.greeted:]
        self.joined[self.greeted:] = [(seat, index, ()) for seat, index, _ in fresh]
        self.greeted = len(self.joined)
        self.size -= protocol.ROSTER_ENTRY * sum(len(names) for _, _, names in fresh)
        return fresh


class Room(object):
    """The monitor.  Every method may be called by every thread at any time.

    ``limits``  a :class:`portable_server.chat.limits.Limits`
    ``wake``    called without arguments, outside the lock, when there is something
                to take after there was nothing
    ``locks``   where ``Lock`` and ``Condition`` come from (tests force schedules here)
    """

    def __init__(self, limits, wake=lambda: None, locks=threads):
        self._limits = limits
        self._wake = wake
        self._lock = locks.Lock()
        self._has_space = locks.Condition(self._lock)
        self._seats = {}
        self._batch = Batch()
        self._waiting = 0
        self._closed = False
        self.said = 0

    def join(self, name, member=None):
        """Take a seat under ``name`` (bytes, already checked); return the Seat.

        Raises Refused when the name is in use, the room is full or closing.
        """
        with self._lock:
            self._wait_for_space()
            check_join(name, self._seats, self._limits, self._closed)
            seat = Seat(name, member)
            idle = self._append(protocol.entered(name))
            self._batch.seat(seat, list(self._seats))
            self._seats[name] = seat
        self._wake_if(idle)
        return seat

    def say(self, seat, lines):
        """Say ``lines`` (bytes with newline, ready to send).  False: no longer seated."""
        with self._lock:
            self._wait_for_space()
            if not seat.seated:
                return False
            batch = self._batch
            idle = self._is_idle()
            start = len(batch.lines)
            batch.lines.extend(lines)
            batch.size += sum(map(len, lines))
            self.said += len(lines)
            batch.spoke.append((seat, start, len(batch.lines)))
        self._wake_if(idle)
        return True

    def leave(self, seat, farewell=b''):
        """Give the seat up; ``farewell`` (bytes) is the last that its client gets.

        Returns False when the seat had been given up before.  Never waits for space:
        there is at most one leave for each join, and joins wait.
        """
        with self._lock:
            if not seat.seated:
                return False
            seat.seated = False
            del self._seats[seat.name]
            self._batch.left.append((seat, len(self._batch.lines), farewell))
            idle = self._append(protocol.left(seat.name)) or len(self._batch.left) == 1
        self._wake_if(idle)
        return True

    def close(self, notice):
        """End the order with ``notice`` (bytes).  Joins are refused from here on.

        Safe to call twice; returns False the second time.
        """
        with self._lock:
            if self._closed:
                return False
            self._closed = True
            self._append(notice)
            self._batch.closing = True
            for seat in self._seats.values():
                seat.seated = False
            self._seats.clear()
            self._has_space.notify_all()
        self._wake()
        return True

    def take(self):
        """The Batch since the last take; for the one consumer.  Never waits."""
        fresh = Batch()
        with self._lock:
            batch, self._batch = self._batch, fresh
            if self._waiting:
                self._has_space.notify()
        return batch

    def newcomers(self):
        """Those of the current batch's ``joined`` that were not handed out yet.

        Each can be told who is there before the batch is taken: nothing that it may see
        was taken yet.  For the one consumer, in the middle of its work.
        """
        with self._lock:
            fresh = self._batch.hand_out()
            if fresh and self._waiting:
                self._has_space.notify()
            return fresh

    def names(self):
        """The names of those present (list of bytes), a snapshot."""
        with self._lock:
            return list(self._seats)

    def backlog(self):
        """(lines, bytes) said and not yet taken."""
        with self._lock:
            return len(self._batch.lines), self._batch.size

    # The rest is called with the lock held.

    def _append(self, line):
        idle = self._is_idle()
        self._batch.lines.append(line)
        self._batch.size += len(line)
        return idle

    def _is_idle(self):
        return not self._batch.lines

    def _is_full(self):
        batch = self._batch
        return (batch.size >= self._limits.backlog_bytes
                or len(batch.lines) >= self._limits.backlog_lines)

    def _wait_for_space(self):
        if not self._is_full() or self._closed:
            return
        while self._is_full() and not self._closed:
            self._waiting += 1
            try:
                self._has_space.wait()
            finally:
                self._waiting -= 1
        if self._waiting:           # pass the wake-up on before anything can raise
            self._has_space.notify()

    def _wake_if(self, idle):
        if idle:
            self._wake()

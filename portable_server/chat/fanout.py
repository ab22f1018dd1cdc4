"""Who gets what: from batches of the room's order to each member's outbox.

The cost that counts is the one per member and batch, thousands of times a second:

- the lines of a batch are joined once, and everybody who is up to date and said
  nothing in it is sent that one text, in one call;
- who spoke, came or went in this batch gets the ranges of the text that it may see;
- who has something unsent gets a range appended to its outbox, no system call.

A member whose outbox exceeds the queue's limits after it was *offered* its lines is
cut off: it is told so if it starts reading in time, and its place in the order ends.
No sockets here: an :class:`Outbox` is given a function that sends, and a ``watcher``
is told what becomes of it.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat.errors import SocketError
from portable_server.chat import protocol
from portable_server.chat.outbox import Outbox

#: Newcomers are greeted after this number of members of a sweep.  Else who joins one after the
#: other, each waiting for its list of names, would cost a whole sweep each: ten thousand
#: joins of ten thousand sends.
GREET_EVERY = 64


class Watcher(object):
    """What the owner of a Fanout hears; each method gets the Outbox concerned."""

    def blocked(self, outbox):
        """It has unsent lines: call ``Fanout.resume`` when it can be sent to."""

    def unblocked(self, outbox):
        """It has nothing unsent any more."""

    def too_slow(self, outbox):
        """Its queue was full; it is being cut off."""

    def failed(self, outbox, error):
        """Sending raised ``error``; it has been dropped."""

    def finished(self, outbox):
        """It got all that it is ever going to get."""


class Fanout(object):
    """All outboxes of one room; used by one thread.

    ``sender``   function of a seat that returns the function that sends to it
    ``prepare``  function of (text) that makes what the senders take fastest
    """

    def __init__(self, room, limits, sender, watcher, prepare=lambda text: text):
        self._room = room
        self._limits = limits
        self._sender = sender
        self._watcher = watcher
        self._prepare = prepare
        self.outboxes = {}
        self.deliveries = 0

    def spread(self, batch):
        """Offer a Batch (with lines in it) to everybody who may see some of it."""
        text = b''.join(batch.lines)
        views = _Views(batch)
        self._admit(batch.joined[batch.greeted:])
        self._offer_whole(text, len(batch.lines), views.special)
        farewells = dict((seat, farewell) for seat, _, farewell in batch.left)
        for seat in views.special:
            self._offer_ranges(seat, text, views.ranges(seat), farewells.get(seat))
        if batch.closing:
            self._part_with_all()

    def resume(self, outbox):
        """Go on with an outbox that was reported as blocked."""
        try:
            empty = outbox.flush()
        except SocketError as error:
            return self._fail(outbox, error)
        if empty:
            outbox.watched = False
            self._watcher.unblocked(outbox)
            if outbox.parting:
                self._finish(outbox)

    def drop(self, outbox):
        """Give up on an outbox: what is unsent is lost."""
        if self.outboxes.pop(outbox.seat, None) is not None:
            outbox.pieces.clear()
            self._watcher.finished(outbox)

    def _admit(self, joined):
        for seat, _, names in joined:
            outbox = self.outboxes[seat] = Outbox(seat, self._sender(seat))
            roster = protocol.roster(names)
            self._offer(outbox, roster, 0, len(roster))

    def _offer_whole(self, text, lines, special):
        size = len(text)
        prepared = self._prepare(text)
        for number, (seat, outbox) in enumerate(list(self.outboxes.items())):
            if number % GREET_EVERY == GREET_EVERY - 1:
                self._admit(self._room.newcomers())
            if seat in special or outbox.parting:
                continue
            self.deliveries += lines
            try:
                sent = 0 if outbox.pieces else outbox.send(prepared)
            except SocketError as error:
                self._fail(outbox, error)
                continue
            if sent < size:
                self._keep(outbox, text, sent, size)

    def _offer_ranges(self, seat, text, ranges, farewell):
        outbox = self.outboxes.get(seat)
        if outbox is None or outbox.parting:
            return
        if farewell is not None:
            outbox.parting = True
        for start, stop, lines in ranges:
            self.deliveries += lines
            outbox.put(text, start, stop)
        if farewell:
            outbox.put(farewell, 0, len(farewell))
        self._push(outbox)

    def _offer(self, outbox, text, start, stop):
        outbox.put(text, start, stop)
        self._push(outbox)

    def _push(self, outbox):
        """Send what is queued, unless the kernel has refused some before."""
        if not outbox.watched:
            try:
                outbox.flush()
            except SocketError as error:
                return self._fail(outbox, error)
        if outbox.pieces:
            self._wait_for(outbox)
        elif outbox.parting:
            self._finish(outbox)

    def _keep(self, outbox, text, start, stop):
        outbox.put(text, start, stop)
        self._wait_for(outbox)

    def _wait_for(self, outbox):
        limits = self._limits
        if not outbox.parting and outbox.exceeds(limits.queue_lines, limits.queue_bytes):
            self._cut_off(outbox)
        if not outbox.watched:
            outbox.watched = True
            self._watcher.blocked(outbox)

    def _cut_off(self, outbox):
        outbox.parting = True
        outbox.replace(protocol.TOO_SLOW)
        self._room.leave(outbox.seat)
        self._watcher.too_slow(outbox)

    def _part_with_all(self):
        for outbox in list(self.outboxes.values()):
            if not outbox.parting:
                outbox.parting = True
                self._push(outbox)

    def _finish(self, outbox):
        if self.outboxes.pop(outbox.seat, None) is not None:
            self._watcher.finished(outbox)

    def _fail(self, outbox, error):
        if self.outboxes.pop(outbox.seat, None) is not None:
            self._room.leave(outbox.seat)
            outbox.pieces.clear()
            self._watcher.failed(outbox, error)


class _Views(object):
    """The ranges of a batch's text that those see who do not see all of it."""

    def __init__(self, batch):
        self._first = dict((seat, index) for seat, index, _ in batch.joined)
        self._last = dict((seat, index) for seat, index, _ in batch.left)
        self._own = {}
        for seat, start, stop in batch.spoke:
            self._own.setdefault(seat, []).append((start, stop))
        self.special = set(self._first) | set(self._last) | set(self._own)
        self._count = len(batch.lines)
        self._offsets = _offsets(batch.lines) if self.special else None

    def ranges(self, seat):
        """(start, stop, lines) of what ``seat`` sees, in order."""
        at = self._first.get(seat, 0)
        last = self._last.get(seat, self._count)
        for start, stop in self._own.get(seat, ()):
            if at < start:
                yield self._offsets[at], self._offsets[start], start - at
            at = stop
        if at < last:
            yield self._offsets[at], self._offsets[last], last - at


def _offsets(lines):
    offsets, at = [0], 0
    for line in lines:
        at += len(line)
        offsets.append(at)
    return offsets

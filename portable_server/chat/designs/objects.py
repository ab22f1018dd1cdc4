"""Locks in the objects: the room is a monitor, one thread writes.  The default.

Teaches: a lock belongs to the data that it guards and is hidden behind methods; what
is done under it is short and never waits (:mod:`portable_server.chat.room`).
Guarantees: one total order, joins and leaves in it; a member that does not read delays
nobody and is cut off when its queue is full; memory is bounded.
Breaks: nothing that it promises.  Its price is one more thread between a line's
reader and its receivers.
"""
from __future__ import absolute_import, division, print_function

from portable_server.chat.room import Room
from portable_server.chat.writer import Writer

PATIENCE = 1.0      # seconds beyond the farewell after which the writer is told to give up


class Design(object):
    """Holds the room and its writer together."""

    def __init__(self, server):
        self._limits = server.limits
        self._room = Room(server.limits, wake=lambda: self._writer.wake())
        self._writer = Writer(self._room, server.limits, server)
        self.join = self._room.join
        self.say = self._room.say
        self.leave = self._room.leave

    def start(self):
        self._writer.start()

    def close(self, notice, seconds):
        """Everybody gets ``notice`` after all that was said; give up after ``seconds``."""
        self._room.close(notice)
        self._writer.join(seconds)
        for seat in list(self._writer.fanout.outboxes):
            self._writer.abandon(seat)
        self._writer.join(PATIENCE)

    def await_written(self, seat):
        """Wait until nothing will be written to a seat that has left."""
        written = seat.member.written
        if not written.wait(self._limits.farewell + PATIENCE):
            self._writer.abandon(seat)
            written.wait(PATIENCE)

    def report(self):
        """Figures for the status (dict); a snapshot without a lock, roughly right."""
        fanout = self._writer.fanout
        queues = [(box.lines, box.bytes) for box in list(fanout.outboxes.values())]
        lines, size = self._room.backlog()
        return {
            'members': len(self._room.names()),
            'messages': self._room.said,
            'deliveries': fanout.deliveries,
            'backlog': {'lines': lines, 'bytes': size},
            'queues': {'waiting': sum(1 for queue in queues if queue[0]),
                       'most_lines': max([queue[0] for queue in queues] or [0]),
                       'most_bytes': max([queue[1] for queue in queues] or [0])},
        }

"""One thread writes to all members, and waits for none of them.

A sweep takes what is new in the room's order and offers it to every member with one
non-blocking send each.  While the sweep goes on the readers append to the order; so
the busier the room, the more lines go into one send, and the cost of a line falls
when it matters.  Whoever's kernel buffer is full is left to a selector; its lines
wait in its outbox and nobody waits with them.
"""
from __future__ import absolute_import, division, print_function

import functools
import logging
from collections import deque

from portable_server.compat import selectors, sockets, threads
from portable_server.compat.errors import SocketError
from portable_server.chat.fanout import Fanout, Watcher

log = logging.getLogger(__name__)


class Writer(threads.Thread, Watcher):
    """The writing loop of one room.  It ends after the order has been closed."""

    def __init__(self, room, limits, server):
        threads.Thread.__init__(self, name='chat writer')
        self.daemon = True
        self._room = room
        self._server = server
        self._selector = selectors.DefaultSelector()
        self._abandoned = deque()
        self._blocked = 0
        self._closing = False
        self.fanout = Fanout(room, limits, _sender, self, sockets.outgoing)

    def wake(self):
        """There is something to take; called by any thread."""
        self._selector.wakeup()

    def abandon(self, seat):
        """Give up on a seat that gets nothing sent; called by any thread."""
        self._abandoned.append(seat)
        self._selector.wakeup()

    def run(self):
        try:
            while not (self._closing and not self.fanout.outboxes):
                self._sweep()
        except Exception:
            log.exception('the chat writer failed')
            raise
        finally:
            self._selector.close()

    def _sweep(self):
        batch = self._room.take()
        if batch.lines:
            self._closing = self._closing or batch.closing
            self.fanout.spread(batch)
        while self._abandoned:
            outbox = self.fanout.outboxes.get(self._abandoned.popleft())
            if outbox is not None:
                self._let_go(outbox)
                self.fanout.drop(outbox)
        if self._closing and not self.fanout.outboxes:
            return
        if self._blocked or not batch.lines:
            self._wait(0 if batch.lines else None)

    def _wait(self, timeout):
        for key, _ in self._selector.select(timeout):
            self.fanout.resume(key.data)

    # What the fan-out tells us, in this thread.

    def blocked(self, outbox):
        try:
            self._selector.register(outbox.seat.member.socket, selectors.EVENT_WRITE, outbox)
            self._blocked += 1
        except (SocketError, ValueError) as error:
            self.abandon(outbox.seat)
            log.debug('cannot watch: %s', error)

    def unblocked(self, outbox):
        self._blocked -= 1
        self._selector.unregister(outbox.seat.member.socket)

    def too_slow(self, outbox):
        self._server.cut_off(outbox.seat)

    def failed(self, outbox, error):
        log.debug('sending failed: %s', error)
        outbox.seat.member.interrupt()
        self._let_go(outbox)
        outbox.seat.member.written.set()

    def finished(self, outbox):
        outbox.seat.member.hang_up()
        outbox.seat.member.written.set()

    def _let_go(self, outbox):
        if outbox.watched:
            outbox.watched = False
            self.unblocked(outbox)


def _sender(seat):
    return functools.partial(sockets.send_now, seat.member.socket)

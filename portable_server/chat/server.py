"""What all designs share: who is connected, counters, deadlines, drain, status."""
from __future__ import absolute_import, division, print_function

import logging

from portable_server.compat import clock, platform, threads
from portable_server.chat import designs, protocol
from portable_server.chat.deadlines import Deadlines
from portable_server.chat.limits import Limits
from portable_server.chat.member import Member

log = logging.getLogger(__name__)

STACK_SIZE = 512 * 1024     # bytes per thread: only address space, but 10,000 times
LINGER = 0.25               # seconds that clients get to close after the closing notice


class ChatServer(object):
    """A chat without its listener: give it connections (Member) and it serves them."""

    def __init__(self, limits=None, design=designs.DEFAULT):
        self.limits = limits or Limits()
        self.design_name = design
        self.deadlines = Deadlines()
        self.design = designs.find(design)(self)
        self.reached = {}
        self._connections = 0
        self._changed = threads.Condition()
        self._stopped = False

    def start(self):
        """Start the threads; then members can be served."""
        threads.stack_size(STACK_SIZE)
        self.deadlines.start()
        self.design.start()

    def serve(self, connection):
        """Serve one connection in the calling thread."""
        Member(self, connection).converse()

    def stop(self, drain):
        """Tell the members, deliver what was said for up to ``drain`` seconds, and end.

        Afterwards connections may still be open; their readers end when interrupted.
        """
        if self._stopped:
            return
        self._stopped = True
        deadline = clock.monotonic() + drain
        self.design.close(protocol.CLOSING, drain)
        self._await_members(min(LINGER, max(0, deadline - clock.monotonic())))
        self.deadlines.stop()
        self.deadlines.join()

    def enter(self):
        """Count a connection in; False when there are too many."""
        with self._changed:
            if self._connections >= self.limits.connections:
                return False
            self._connections += 1
            return True

    def exit(self):
        """Count a connection out."""
        with self._changed:
            self._connections -= 1
            if not self._connections:
                self._changed.notify_all()

    def count(self, limit, member, level=logging.INFO):
        """A limit was reached: one more in its counter, one line in the log."""
        with self._changed:
            self.reached[limit] = self.reached.get(limit, 0) + 1
        log.log(level, 'limit %s reached by %s', limit, member.peer())

    def cut_off(self, seat):
        """A member's queue was full; its lines are no longer kept."""
        member = seat.member
        self.count('queue', member, logging.WARNING)
        log.warning('cut off %s: it reads too slowly', seat.name.decode('ascii'))
        self.deadlines.after(self.limits.farewell, member.interrupt)

    def report(self):
        """The figures of the status port (dict for JSON)."""
        with self._changed:
            report = {'connections': self._connections, 'limits_reached': dict(self.reached)}
        report.update(self.design.report(), design=self.design_name,
                      threads=threads.active_count(), interpreter=platform.describe(),
                      gil_enabled=platform.gil_enabled())
        return report

    def _await_members(self, seconds):
        deadline = clock.monotonic() + seconds
        with self._changed:
            while self._connections and clock.monotonic() < deadline:
                self._changed.wait(deadline - clock.monotonic())

"""socketserver with processes: Python's own framework, ForkingMixIn before TCPServer.

Teaches: that against socketserver-threads one base class is exchanged.
Guarantees and breaks: as `fork`. The framework looks for ended children only when it
is asked to (`collect_children`), so a zombie may stay for a tenth of a second.
"""
from __future__ import absolute_import, division, print_function

import signal

from portable_server.compat import clock, process, socketserver
from portable_server.compat.errors import NotSupported
from portable_server.models.base import log
from portable_server.models.children import PATIENCE, become_child
from portable_server.models.on_socketserver import (POLL_SECONDS, LosesOneClient, OnSocketserver,
                                                    OwnedTCPServer)


class _AsForker(OwnedTCPServer):
    """What is special about requests that are handled by a child."""

    def __init__(self, owner):
        OwnedTCPServer.__init__(self, owner)
        self._end_with_parent = process.ending_with_parent()

    def finish_request(self, request, client_address):
        # Called in the child only.
        become_child([request.socket.fileno()], self._end_with_parent)
        OwnedTCPServer.finish_request(self, request, client_address)

    def count_children(self):
        """How many children have not ended (those that have are reaped)."""
        self.handle_timeout()  # the mix-in's name for collect_children that all versions know
        return len(self.active_children or ())


if process.HAS_FORK:
    class ForkingServer(LosesOneClient, socketserver.ForkingMixIn, _AsForker):
        """Nearly all there is to it: the mix-in comes first, and so do its own limits."""

        #: The mix-in's: 300 s.
        timeout = POLL_SECONDS
        #: The mix-in's: 40; it then waits for any child of this process, also other people's.
        #: Our limit is kept before accept, by `wait_for_room`.
        max_children = 10 ** 9
else:
    ForkingServer = None


class SocketserverForkServer(OnSocketserver):
    name = 'socketserver-fork'
    needs_fork = True
    server_class = ForkingServer

    def start(self):
        """As Server.start; raises compat.errors.NotSupported where there is no fork."""
        if not process.HAS_FORK:
            raise NotSupported('this interpreter cannot fork')
        OnSocketserver.start(self)

    def _serve(self):
        while not self._stopping.is_set():
            self._server.handle_request()
            self._server.count_children()

    def wait_for_room(self):
        """As LiveConnections.wait_for_room, by counting children."""
        while not self._stopping.is_set():
            if self._server.count_children() < self.live.limit:
                return True
            self._stopping.wait(POLL_SECONDS / 10)
        return False

    def _end_workers(self, deadline):
        if self._server is None:
            return
        now = clock.monotonic()
        self._end_children(signal.SIGTERM, now + (deadline - now) * PATIENCE)
        self._end_children(signal.SIGKILL, deadline)
        if self._server.active_children:
            log.error('%d processes did not end', len(self._server.active_children))
            self._server.active_children.clear()
        self._close_server()

    def _end_children(self, number, deadline):
        for pid in self._server.active_children or ():
            process.signal_child(pid, number)
        while self._server.count_children() and clock.monotonic() < deadline:
            clock.sleep(0.005)

"""socketserver with threads: Python's own framework, ThreadingMixIn before TCPServer.

Teaches: that the loop of `threads` has been written already, and how a framework is
filled in: override the handler, choose the mix-in, mind the order of the bases.
Guarantees: as `threads`.
Breaks: as `threads`; and every wish that the framework did not foresee (a limit, a
stop that wakes blocked readers) is an override of a method that one has to find first.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock, socketserver, threads
from portable_server.models.base import log
from portable_server.models.on_socketserver import (LosesOneClient, OnSocketserver,
                                                    OwnedTCPServer)


class ThreadingServer(LosesOneClient, socketserver.ThreadingMixIn, OwnedTCPServer):
    """All there is to it."""


class SocketserverThreadsServer(OnSocketserver):
    name = 'socketserver-threads'
    shares_memory = True
    has_threads = True
    server_class = ThreadingServer

    def _end_workers(self, deadline):
        # server_close joins the threads, however long that takes; it gets until `deadline`.
        closer = threads.Thread(target=self._close_server)
        closer.daemon = True
        closer.start()
        closer.join(max(deadline - clock.monotonic(), 0))
        if closer.is_alive():
            log.error('some threads did not end')

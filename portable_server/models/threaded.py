"""What the thread models share: who starts a connection's thread, and who joins it."""
from __future__ import absolute_import, division, print_function

from portable_server.models.base import ACCEPT_PAUSE, Server, log
from portable_server.models.workers import Workers


class ThreadedServer(Server):
    """Base of the models with one thread per connection."""

    shares_memory = True
    has_threads = True

    def __init__(self, *positional, **named):
        Server.__init__(self, *positional, **named)
        self._workers = Workers()

    def new_thread(self, connection):
        """The thread, not started, that serves the connection. This is what a model teaches."""
        raise NotImplementedError(self.name)

    def _serve(self):
        for connection in self.accepted():
            self._start_thread(connection)

    def _start_thread(self, connection):
        try:
            thread = self.new_thread(connection)
            thread.daemon = True  # a thread that outlives `stop` must not hold up the exit
            self._workers.start(thread)
        except Exception as error:
            # Most likely the system's limit on threads. This client is lost; the server is not.
            self.release(connection)
            self._complain('cannot start a thread: %s', error)
            self._stopping.wait(ACCEPT_PAUSE)

    def serve(self, connection):
        """Serve one connection to its end; the last thing that its thread does."""
        try:
            Server.serve(self, connection)
        finally:
            self._workers.ended()

    def _end_workers(self, deadline):
        left = self._workers.join_all(deadline)
        if left:
            log.error('%d threads did not end', left)

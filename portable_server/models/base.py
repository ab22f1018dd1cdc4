"""What all models share: listening, limits, and stopping.

A model is a subclass that says in `_serve` how connections are served:

    +--------+   accepted() yields    +---------+   service.handle(connection);
    | Server |----------------------->| _serve  |   report() logs its errors,
    +--------+  waits for room first  +---------+   release() closes and counts out

Stopping is the hard part, because a server is nearly always blocked. `stop` may be
called from any thread but one that serves; it wakes the accepting thread, which then
does the rest in an order that loses nothing:
  1. no more connections are accepted (those in the backlog are refused),
  2. the service says goodbye (`service.stop`, bounded by `drain_seconds`),
  3. the live connections are interrupted, so that their blocked readers wake,
  4. threads are joined, processes ended and reaped (`_end_workers`).
"""
from __future__ import absolute_import, division, print_function

import logging

from portable_server.compat import clock, errors, threads
from portable_server.models.live import LiveConnections
from portable_server.models.one_processor import OneProcessor
from portable_server.pace import Pace
from portable_server.server_socket import DEFAULT_BACKLOG, ServerSocket, show_address

log = logging.getLogger('portable_server')

DEFAULT_DRAIN_SECONDS = 1.0

#: What step 4 may take at least, in seconds. With the default drain a stop takes less than 2 s.
END_SECONDS = 0.9

#: What step 4 gets in any case, in seconds. On a starved machine the service may have been late,
#: and threads that have just been woken are no threads that do not end.
LEAST_END_SECONDS = 0.5

#: Pause after a failed accept (out of descriptors, say), in seconds: what was short may be
#: there again, and trying on without a pause would take a whole processor.
ACCEPT_PAUSE = 0.1


class Server(object):
    """A service on a port. `start`, then `serve_forever` in some thread, then `stop`."""

    #: What the command line calls the model.
    name = None
    #: Connections are served at once and in one memory, as a chat room needs it.
    shares_memory = False
    #: Only `service.new()` is used, never `service.handle()`.
    conversations_only = False
    #: Every connection has a thread while it lasts.
    has_threads = False
    #: Every connection gets a process (compat.process.HAS_FORK).
    needs_fork = False

    def __init__(self, service, host='127.0.0.1', port=0,
                 max_connections=None, backlog=DEFAULT_BACKLOG,
                 drain_seconds=DEFAULT_DRAIN_SECONDS, switch_interval=None, processors='auto'):
        """`max_connections`: served at once; further clients wait in the backlog.

        None: the service's own default. `switch_interval`: the GIL's, in seconds; None: it
        follows the number of threads (pace.py). `processors`: 'auto' keeps threads that share
        a GIL on one (one_processor.py), 'all' does not.
        """
        self.service = service
        self.host, self.port = host, port
        self.backlog = backlog
        self.drain_seconds = drain_seconds
        self.listener = None
        self.pace = Pace(switch_interval)
        self.live = LiveConnections(max_connections or service.default_max_connections,
                                    self.pace.follow if self.has_threads else None)
        # What a chat room does when it is spoken in is not echoing: its threads are left alone.
        together = self.has_threads and processors == 'auto' and service.has_conversations
        self.processor = OneProcessor() if together else None
        self._state = threads.Lock()
        self._serving = False
        self._stopping = threads.Event()
        self._stopped = threads.Event()
        self._closing_down = False
        self._last_complaint = None

    def start(self):
        """Bind and listen; `address` is valid from here on. Errors: see ServerSocket."""
        self.listener = ServerSocket(self.port, self.host, self.backlog)
        self.host, self.port = self.listener.host, self.listener.port
        self.service.start()

    @property
    def address(self):
        """(host, port) that the server listens at."""
        return self.host, self.port

    def serve_forever(self):
        """Serve until `stop` (or, for `one-time`, until the one connection is over)."""
        with self._state:
            self._serving = True
        try:
            if not self._stopping.is_set():
                self.pace.start()
                if self.processor is not None:
                    self.processor.settle()
                self._serve()
        finally:
            self._close_down()
            if self.processor is not None:
                self.processor.leave()

    def stop(self, timeout=None):
        """Stop serving; True if all was over within `timeout` seconds. Safe twice.

        None: the time that `drain_seconds` and the ending of workers may take.
        """
        if timeout is None:
            timeout = self.drain_seconds + END_SECONDS + 0.1
        self._request_stop()
        with self._state:
            serving = self._serving
        if not serving:
            self._close_down()
        return bool(self._stopped.wait(timeout))

    # What a model overrides.

    def _serve(self):
        raise NotImplementedError(self.name)

    def _request_stop(self):
        """Wake the thread in `_serve`; it must return soon."""
        self._stopping.set()
        self.live.refuse()
        if self.listener is not None:
            self.listener.stop()

    def _end_workers(self, deadline):
        """End what serves connections besides the thread in `_serve`, by compat.clock's time."""

    # What a model uses.

    def accepted(self):
        """Generator of the accepted connections, each counted in, until the server stops."""
        while self.live.wait_for_room():
            connection = self._accept()
            if connection is None:
                continue
            if not self.live.add(connection):
                connection.close()
                return
            yield connection

    def _accept(self):
        try:
            return self.listener.accept()
        except errors.ConnectionError:
            return None  # the client went away while it waited in the backlog
        except errors.SocketError as error:
            if not self._stopping.is_set():
                self._complain('cannot accept: %s', error)
                self._stopping.wait(ACCEPT_PAUSE)
            return None

    def _complain(self, message, error):
        # The same complaint comes with every attempt; one line in five seconds is enough.
        now = clock.monotonic()
        if self._last_complaint is None or now - self._last_complaint > 5:
            self._last_complaint = now
            log.warning(message, error)

    def serve(self, connection):
        """Serve one connection to its end, in the calling thread; its errors end here."""
        try:
            self.service.handle(connection)
        except Exception as error:
            self.report(connection, error)
        finally:
            self.release(connection)

    def report(self, connection, error):
        """Log, once, why a connection failed; for `except` clauses."""
        peer = show_peer(connection)
        if isinstance(error, errors.ConnectionError) or (
                self._stopping.is_set() and isinstance(error, errors.SocketError)):
            log.debug('connection of %s ended: %s', peer, error)
        else:
            log.error('serving %s to %s failed', self.service.name, peer, exc_info=True)

    def release(self, connection):
        """The connection is over: count it out and close it."""
        # In this order, so that `interrupt_all` never meets a socket being closed.
        self.live.discard(connection)
        connection.close()

    def _close_down(self):
        """Steps 2 to 4; done by the first who comes here."""
        with self._state:
            first, self._closing_down = not self._closing_down, True
        if not first:
            return
        self._request_stop()
        # What the service does not need of its time is the workers'.
        deadline = clock.monotonic() + self.drain_seconds + END_SECONDS
        try:
            if self.listener is not None:
                self.service.stop(self.drain_seconds)
            self.live.interrupt_all()
            self._end_workers(max(deadline, clock.monotonic() + LEAST_END_SECONDS))
        finally:
            self.pace.reset()
            self._stopped.set()


def show_peer(connection):
    """HOST:PORT of a connection's other end, for the log."""
    return show_address(*connection.peer[:2]) if connection.peer else 'unknown'

"""Selector: one thread serves all connections (past the course).

Teaches: readiness instead of blocking. The loop asks the system which sockets can be
read or written now (epoll, poll, select, Java's Selector: see compat.selectors), lets
their exchanges (exchange.py) do just that, and never waits for anything else.
Guarantees: a slow client costs the others nothing; a connection costs a small object
instead of a stack; a client that does not read is not read from either, so that
memory stays bounded.
Breaks: a conversation that computes or blocks stops everybody; it has to be written
as an object that is called (services/base.py), not as a loop; no second processor is
used.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock, errors
from portable_server.compat.selectors import EVENT_READ, DefaultSelector
from portable_server.models.base import ACCEPT_PAUSE, Server
from portable_server.models.exchange import Exchange

#: Connections accepted in a row before the others get their turn.
ACCEPTS_PER_TURN = 64

#: How often time-outs are looked at while there are any, in seconds.
TICK = 0.1


class SelectorServer(Server):
    name = 'selector'
    conversations_only = True

    def __init__(self, *positional, **named):
        Server.__init__(self, *positional, **named)
        self._selector = None
        self._lingering = set()
        self._accepting = False
        self._accept_again = 0  # not before this time of compat.clock
        self._fewer_or_more = True  # connections than when it was last decided whether to accept

    def start(self):
        """As Server.start."""
        Server.start(self)
        self.listener.socket.setblocking(False)
        self._selector = DefaultSelector()

    def _serve(self):
        select, stopping = self._selector.select, self._stopping.is_set
        while not stopping():
            timeout = None
            if self._lingering or self._accept_again or self._fewer_or_more:
                timeout = self._tick()
            self._serve_ready(select(timeout))

    def _serve_ready(self, ready):
        # One loop for all that is ready, without a call for each but `advance` itself: calls are
        # most of what a request costs besides the system's work.
        for key, events in ready:
            exchange = key.data
            if exchange is None:
                self._accept_some()
                continue
            try:
                wanted = exchange.advance(events & EVENT_READ)
            except Exception as error:
                self.report(exchange.connection, error)
                wanted = 0
            if wanted != exchange.interest:
                self._wait_for(exchange, wanted)

    def _wait_for(self, exchange, events):
        if exchange.linger_until is not None:
            self._lingering.add(exchange)
        sock = exchange.connection.socket
        if not events:
            self._lingering.discard(exchange)
            self._selector.unregister(sock)
            self._release(exchange.connection)
        else:
            self._selector.modify(sock, events, exchange)
            exchange.interest = events

    def _release(self, connection):
        self._fewer_or_more = True
        self.release(connection)

    # Accepting, up to the limit and around a want of descriptors.

    def _accept_some(self):
        for _ in range(ACCEPTS_PER_TURN):
            if len(self.live) >= self.live.limit:
                return
            try:
                connection = self.listener.accept()
            except (errors.BlockingIOError, errors.ConnectionError):
                return
            except errors.SocketError as error:
                self._complain('cannot accept: %s', error)
                self._accept_again = clock.monotonic() + ACCEPT_PAUSE
                return
            if not self.live.add(connection):
                connection.close()
                return
            self._fewer_or_more = True
            self._welcome(connection)

    def _welcome(self, connection):
        try:
            connection.socket.setblocking(False)
            exchange = Exchange(connection, self.service.new())
            key = self._selector.register(connection.socket, EVENT_READ, exchange)
        except Exception as error:
            self.report(connection, error)
            self._release(connection)
            return
        exchange.interest = EVENT_READ
        self._serve_ready([(key, 0)])

    def _tick(self):
        """What has to do with time and limits, between two looks at the sockets.

        Returns the seconds until it must be looked at again; None: when something happens.
        """
        if self._lingering or self._accept_again:
            now = clock.monotonic()
            if now > self._accept_again:
                self._accept_again = 0
            for exchange in [each for each in self._lingering if each.linger_until < now]:
                self._wait_for(exchange, 0)
        self._fewer_or_more = False
        accept = not self._accept_again and len(self.live) < self.live.limit
        if accept != self._accepting:
            self._accepting = accept
            if accept:
                self._selector.register(self.listener.socket, EVENT_READ, None)
            else:
                self._selector.unregister(self.listener.socket)
        return TICK if self._lingering or self._accept_again else None

    # Stopping: the listener belongs to the loop, which is woken and closes it itself.

    def _request_stop(self):
        self._stopping.set()
        self.live.refuse()
        with self._state:
            if self._selector is not None:
                self._selector.wakeup()

    def _end_workers(self, deadline):
        with self._state:
            selector, self._selector = self._selector, None
        if selector is None:
            return
        keys = list(selector.get_map().values())
        # First: Java's selector looks at all its sockets each time that one of them is closed.
        selector.close()
        for key in keys:
            if key.data is not None:
                self.release(key.data.connection)
        self.listener.stop()

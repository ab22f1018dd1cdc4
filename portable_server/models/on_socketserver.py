"""What the two models on Python's own `socketserver` share.

`socketserver` is a framework of classes. TCPServer accepts a connection and calls
`process_request`. The server class inherits a second class, a mix-in, whose
`process_request` starts a thread or a child process. The protocol is in the request
handler class.

    handle_request -- get_request -- process_request -- finish_request -- shutdown_request
       (waits)         (accepts)   (mix-in: thread, fork) (handler class)    (closes)

What this framework has no notion of (a limit, a stop that wakes readers) is added by
overriding those methods.
"""
from __future__ import absolute_import, division, print_function

import sys

from portable_server.compat import errors, sockets, socketserver
from portable_server.connection import Connection
from portable_server.models.base import ACCEPT_PAUSE, Server

#: How often the loop looks whether it is to stop, in seconds; `handle_request` cannot be woken.
POLL_SECONDS = 0.1


class Handler(socketserver.BaseRequestHandler):
    """Calls the service: what users of socketserver write themselves."""

    def handle(self):
        self.server.owner.service.handle(self.request)


class OwnedTCPServer(socketserver.TCPServer):
    """A TCPServer that belongs to one of our models, its `owner`."""

    allow_reuse_address = True
    timeout = POLL_SECONDS

    def __init__(self, owner):
        self.owner = owner
        self.request_queue_size = owner.backlog
        if ':' in owner.host:
            self.address_family = sockets.AF_INET6
        socketserver.TCPServer.__init__(self, (owner.host, owner.port), Handler)

    def server_bind(self):
        # As everywhere else in this package: ::1 is IPv6 and nothing but.
        if self.address_family == sockets.AF_INET6 and hasattr(sockets, 'IPV6_V6ONLY'):
            self.socket.setsockopt(sockets.IPPROTO_IPV6, sockets.IPV6_V6ONLY, 1)
        socketserver.TCPServer.server_bind(self)

    def get_request(self):
        """Accept, with room; the request is a Connection."""
        if not self.owner.wait_for_room():
            raise errors.SocketError('stopping')
        connection = self.owner.accept_request(self.socket)
        return connection, connection.peer

    def shutdown_request(self, request):
        self.owner.release(request)

    def close_request(self, request):
        self.owner.release(request)

    def handle_error(self, request, client_address):
        self.owner.report(request, sys.exc_info()[1])


class LosesOneClient(object):
    """Comes before the mix-in: where that can start no thread or process, one client is lost.

    The framework would go on, too, with a traceback for each client and without a pause.
    """

    def process_request(self, request, client_address):
        try:
            super(LosesOneClient, self).process_request(request, client_address)
        except Exception as error:
            self.owner.lose(request, error)


class OnSocketserver(Server):
    """Base of the models; `server_class` is an OwnedTCPServer with a mix-in."""

    server_class = None

    def __init__(self, *positional, **named):
        Server.__init__(self, *positional, **named)
        self._server = None

    def start(self):
        """As Server.start."""
        self._server = self.server_class(self)
        self.host, self.port = self._server.socket.getsockname()[:2]
        self.listener = _Listener(self._server)
        self.service.start()

    def _serve(self):
        while not self._stopping.is_set():
            self._server.handle_request()

    def _close_server(self):
        if self._server is not None:
            self._server.server_close()

    def wait_for_room(self):
        """As LiveConnections.wait_for_room."""
        return self.live.wait_for_room()

    def accept_request(self, listener):
        """A Connection that is counted in; SocketError if there is none (socketserver goes on)."""
        try:
            sock, peer = listener.accept()
        except errors.SocketError as error:
            if not self._stopping.is_set() and not isinstance(error, errors.ConnectionError):
                self._complain('cannot accept: %s', error)
                self._stopping.wait(ACCEPT_PAUSE)
            raise
        connection = Connection(sock, peer)
        if not self.live.add(connection):
            connection.close()
            raise errors.SocketError('stopping')
        return connection

    def lose(self, connection, error):
        """A connection could not be given to anybody."""
        self.release(connection)
        self._complain('cannot serve a client: %s', error)
        self._stopping.wait(ACCEPT_PAUSE)


class _Listener(object):
    """What `Server` wants of its listener: the loop polls, so there is nobody to wake."""

    def __init__(self, server):
        self._server = server

    def stop(self):
        """Nothing: `server_close` comes when the loop has ended."""

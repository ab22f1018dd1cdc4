"""ServerSocket: `ServerSocket(port).accept()` gives a Connection.

The BSD interface uses one call, `socket`, for both ends and wants bind and listen
in the right order; Java's ServerSocket is an object for the one purpose. So is this:

    with ServerSocket(7000) as listener:
        with listener.accept() as connection:
            for line in connection:
                connection.writeline(line)
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import sockets
from portable_server.connection import Connection
from portable_server.lines import DEFAULT_LINE_LIMIT

DEFAULT_BACKLOG = 1024


class ServerSocket(object):
    """A listening TCP socket."""

    def __init__(self, port, host='127.0.0.1', backlog=DEFAULT_BACKLOG,
                 line_limit=DEFAULT_LINE_LIMIT):
        """Bind and listen. Port 0: any free one. A host with colons is IPv6.

        Raises compat.errors.AddressInUse, compat.sockets.gaierror (unknown host) or
        another compat.errors.SocketError (an address that is not ours, no permission).
        """
        host = host.strip('[]')
        family = sockets.AF_INET6 if ':' in host else sockets.AF_INET
        self.socket = sockets.create_server((host, port), family=family, backlog=backlog)
        self.line_limit = line_limit
        self.host, self.port = self.socket.getsockname()[:2]

    def accept(self):
        """Wait for a client; return its Connection. Raises SocketError once stopped."""
        sock, peer = self.socket.accept()
        return Connection(sock, peer, self.line_limit)

    def fileno(self):
        """The descriptor, so that a selector can wait for clients."""
        return self.socket.fileno()

    def stop(self):
        """Wake every thread blocked in `accept` and close. Safe twice, from any thread."""
        sockets.stop_accepting(self.socket)

    close = stop

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


def show_address(host, port):
    """HOST:PORT as people write it: [::1]:80 for IPv6."""
    return '%s:%d' % ('[%s]' % host if ':' in host else host, port)

"""Python 2.7's and Jython's `SocketServer` on `compat.sockets`. Goes when Python 2 goes.

2.7's classes make their sockets, and wait for them, with the modules `socket` and
`select`; what does so is replaced here, the rest is theirs.
"""
from __future__ import absolute_import, division, print_function

import io

from SocketServer import BaseRequestHandler
from SocketServer import BaseServer as _BaseServer
from SocketServer import ForkingMixIn as _ForkingMixIn
from SocketServer import StreamRequestHandler as _StreamRequestHandler

from portable_server.compat import platform, sockets, threads
from portable_server.compat.errors import SocketError
from portable_server.compat.selectors import EVENT_READ, DefaultSelector

__all__ = ['BaseRequestHandler', 'BaseServer', 'ForkingMixIn', 'StreamRequestHandler', 'TCPServer']

ForkingMixIn = _ForkingMixIn if platform.HAS_FORK else None


class BaseServer(_BaseServer, object):
    """Waits for requests by compat.selectors, in a loop that `shutdown` ends."""

    timeout = None

    def __init__(self, server_address, RequestHandlerClass):
        _BaseServer.__init__(self, server_address, RequestHandlerClass)
        self._shutdown_asked = False
        self._is_shut_down = threads.Event()

    def serve_forever(self, poll_interval=0.5):
        """Handle requests until `shutdown`; it is looked for every `poll_interval` seconds."""
        self._is_shut_down.clear()
        try:
            while not self._shutdown_asked:
                if self._wait(poll_interval) and not self._shutdown_asked:
                    self._handle_request_noblock()
                self.service_actions()
        finally:
            self._shutdown_asked = False
            self._is_shut_down.set()

    def shutdown(self):
        """End the loop of `serve_forever`, and wait for that; from another thread."""
        self._shutdown_asked = True
        self._is_shut_down.wait()

    def service_actions(self):
        """Called once in each turn of the loop."""

    def handle_request(self):
        """Handle one request, or call `handle_timeout` after `timeout` seconds."""
        if self._wait(self.timeout):
            self._handle_request_noblock()
        else:
            self.handle_timeout()

    def _wait(self, seconds):
        selector = DefaultSelector()
        try:
            selector.register(self.socket, EVENT_READ)
            return bool(selector.select(seconds))
        finally:
            selector.close()

    def _handle_request_noblock(self):
        try:
            request, client_address = self.get_request()
        except SocketError:
            return
        try:
            if self.verify_request(request, client_address):
                self.process_request(request, client_address)
            else:
                self.shutdown_request(request)
        except Exception:
            self.handle_error(request, client_address)
            self.shutdown_request(request)
        except BaseException:
            self.shutdown_request(request)
            raise


class TCPServer(BaseServer):
    """A server on a listening socket of compat.sockets."""

    address_family = sockets.AF_INET
    socket_type = sockets.SOCK_STREAM
    request_queue_size = 5
    allow_reuse_address = False

    def __init__(self, server_address, RequestHandlerClass, bind_and_activate=True):
        BaseServer.__init__(self, server_address, RequestHandlerClass)
        self.socket = sockets.socket(self.address_family, self.socket_type)
        if bind_and_activate:
            try:
                self.server_bind()
                self.server_activate()
            except BaseException:
                self.server_close()
                raise

    def server_bind(self):
        """Bind to `server_address`."""
        if self.allow_reuse_address:
            self.socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()

    def server_activate(self):
        """Listen. The port is known for certain only now (Jython)."""
        self.socket.listen(self.request_queue_size)
        self.server_address = self.socket.getsockname()

    def server_close(self):
        """Close the listener."""
        self.socket.close()

    def fileno(self):
        """The listener's descriptor."""
        return self.socket.fileno()

    def get_request(self):
        """Accept: (socket, client address)."""
        return self.socket.accept()

    def shutdown_request(self, request):
        """Tell the peer that no more will come, and close."""
        try:
            request.shutdown(sockets.SHUT_WR)
        except SocketError:
            pass
        self.close_request(request)

    def close_request(self, request):
        """Close."""
        request.close()


class _SocketStream(io.RawIOBase):
    """A socket as a raw stream, for `io.BufferedReader`; 2.7's own files are not binary-safe io."""

    def __init__(self, sock):
        io.RawIOBase.__init__(self)
        self._sock = sock

    def readable(self):
        return True

    def readinto(self, buffer):
        data = self._sock.recv(len(buffer))
        buffer[:len(data)] = data
        return len(data)


class _SocketWriter(object):
    """An unbuffered `wfile`."""

    closed = False

    def __init__(self, sock):
        self._sock = sock

    def write(self, data):
        """Send all of it; its length, in bytes."""
        self._sock.sendall(data)
        return len(data)

    def flush(self):
        """Nothing is kept back."""

    def close(self):
        """The server closes the socket itself."""
        self.closed = True


class StreamRequestHandler(_StreamRequestHandler, object):
    """A handler with `rfile` and `wfile`."""

    def setup(self):
        """Make the two streams."""
        self.connection = self.request
        if self.timeout is not None:
            self.connection.settimeout(self.timeout)
        if self.disable_nagle_algorithm:
            self.connection.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY, True)
        self.rfile = io.BufferedReader(_SocketStream(self.connection))
        self.wfile = _SocketWriter(self.connection)

    def finish(self):
        """Close the two streams."""
        self.wfile.close()
        self.rfile.close()

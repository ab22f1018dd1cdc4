"""Python 2.7's and Jython's `SocketServer` on `compat.sockets`. Goes when Python 2 goes.

2.7's classes make their sockets and wait for them with the modules `socket` and `select`.  What
does so is written here; the rest is inherited from them.  The promises are those of
library/socketserver of Python 3.9.
"""
from __future__ import absolute_import, division, print_function

import io
import SocketServer
import sys
import traceback

from portable_server.compat import platform, sockets, threads
from portable_server.compat.errors import SocketError
from portable_server.compat.selectors import EVENT_READ, DefaultSelector

__all__ = ['BaseRequestHandler', 'BaseServer', 'ForkingMixIn', 'StreamRequestHandler', 'TCPServer']

BaseRequestHandler = SocketServer.BaseRequestHandler
ForkingMixIn = SocketServer.ForkingMixIn if platform.HAS_FORK else None


class BaseServer(SocketServer.BaseServer, object):
    """Waits at its listener by one selector, in turns, until `shutdown`; closed by `with`.

    What it keeps has private names (two underscores): programs add attributes of their own.
    """

    def __init__(self, server_address, RequestHandlerClass):
        SocketServer.BaseServer.__init__(self, server_address, RequestHandlerClass)
        self.__selector = None      # made when it is needed: the listener comes later
        self.__stop = False
        self.__at_rest = threads.Event()
        self.__at_rest.set()

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        self.server_close()

    def serve_forever(self, poll_interval=0.5):
        """Handle requests until `shutdown`; it is looked for every `poll_interval` seconds."""
        self.__at_rest.clear()
        try:
            while not self.__stop:
                asked = self.__is_asked(poll_interval)
                if asked and not self.__stop:
                    self.__answer()
                self.service_actions()
        finally:
            self.__stop = False
            self.__at_rest.set()

    def shutdown(self):
        """End the loop of `serve_forever`, and wait for that; from another thread."""
        self.__stop = True
        self.__at_rest.wait()

    def service_actions(self):
        """Called once in each turn of the loop."""

    def handle_request(self):
        """Handle one request, or call `handle_timeout` after `timeout` seconds."""
        if self.__is_asked(self.timeout):
            self.__answer()
        else:
            self.handle_timeout()

    def handle_error(self, request, client_address):
        """Report on stderr what the handler raised."""
        sys.stderr.write('Error while the request of %r was handled:\n' % (client_address,))
        traceback.print_exc()

    def server_close(self):
        """Give back what the server holds."""
        if self.__selector is not None:
            self.__selector.close()
            self.__selector = None

    def __is_asked(self, seconds):
        if self.__selector is None:
            self.__selector = DefaultSelector()
            self.__selector.register(self.socket, EVENT_READ)
        return bool(self.__selector.select(seconds))

    def __answer(self):
        """Accept one connection and hand it on; nothing of it stays open if that fails."""
        try:
            accepted = self.get_request()
        except SocketError:     # it has gone already, or there is no descriptor for it
            return
        handed_on = False
        try:
            if self.verify_request(*accepted):
                self.process_request(*accepted)
                handed_on = True
        except Exception:
            self.handle_error(*accepted)
        finally:
            if not handed_on:
                self.shutdown_request(accepted[0])


class TCPServer(BaseServer, SocketServer.TCPServer):
    """A server on a listening socket of compat.sockets."""

    def __init__(self, server_address, RequestHandlerClass, bind_and_activate=True):
        BaseServer.__init__(self, server_address, RequestHandlerClass)
        self.socket = sockets.socket(self.address_family, self.socket_type)
        if bind_and_activate:
            self.__begin()

    def __begin(self):
        listening = False
        try:
            self.server_bind()
            self.server_activate()
            listening = True
        finally:
            if not listening:
                self.server_close()

    def server_bind(self):
        """Bind to `server_address`. (The numbers of options are not Jython's own.)"""
        if self.allow_reuse_address:
            self.socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.__look_up_address()

    def server_activate(self):
        """Listen. On Jython the port is certain only now."""
        SocketServer.TCPServer.server_activate(self)
        self.__look_up_address()

    def __look_up_address(self):
        self.server_address = self.socket.getsockname()

    def server_close(self):
        """Close the listener."""
        BaseServer.server_close(self)
        self.socket.close()

    def shutdown_request(self, request):
        """Tell the peer that no more will come, and close."""
        try:
            request.shutdown(sockets.SHUT_WR)
        except SocketError:
            pass        # the peer was faster
        self.close_request(request)


class _Stream(io.RawIOBase):
    """A socket as a raw stream that writes all or fails; 2.7's own files are no `io` streams.

    Closing it leaves the socket open: the server closes that.
    """

    def __init__(self, sock):
        io.RawIOBase.__init__(self)
        self._receive, self._send_all = sock.recv, sock.sendall

    def readable(self):
        return True

    writable = readable

    def readinto(self, buffer):
        data = self._receive(len(buffer))
        buffer[:len(data)] = data
        return len(data)

    def write(self, data):
        self._send_all(data)
        return len(data)


class StreamRequestHandler(SocketServer.StreamRequestHandler, object):
    """A handler with the streams `rfile` (buffered) and `wfile` (not)."""

    def setup(self):
        """Make the two streams."""
        sock, limit = self.request, self.timeout
        if limit is not None:
            sock.settimeout(limit)
        if self.disable_nagle_algorithm:
            sock.setsockopt(sockets.IPPROTO_TCP, sockets.TCP_NODELAY, 1)
        self.connection = sock
        self.rfile, self.wfile = io.BufferedReader(_Stream(sock)), _Stream(sock)

    def finish(self):
        """Close the two streams."""
        for stream in (self.wfile, self.rfile):
            stream.close()

"""Python 3.9's `socketserver` on every interpreter, on `compat.sockets`.

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(self.rfile.readline())

    class Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
        pass

Names and meaning are those of https://docs.python.org/3.9/library/socketserver.html.
The classes are the standard library's own wherever they are right; 2.7's and Jython's
`SocketServer` are given our sockets (a sibling module), and a ThreadingMixIn that joins
its threads in `server_close` (and forgets those that have ended) where there is none.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import platform

if platform.VERSION < (3,):
    from portable_server.compat._socketserver_python2 import (BaseRequestHandler, BaseServer,
                                                              ForkingMixIn, StreamRequestHandler,
                                                              TCPServer)
else:
    from socketserver import BaseRequestHandler, BaseServer, StreamRequestHandler, TCPServer
    if platform.HAS_FORK:
        from socketserver import ForkingMixIn
    else:
        ForkingMixIn = None

if platform.VERSION < (3, 9):
    from portable_server.compat._socketserver_threading import ThreadingMixIn
else:
    from socketserver import ThreadingMixIn

__all__ = ['BaseRequestHandler', 'BaseServer', 'ForkingMixIn', 'ForkingTCPServer',
           'StreamRequestHandler', 'TCPServer', 'ThreadingMixIn', 'ThreadingTCPServer']


class ThreadingTCPServer(ThreadingMixIn, TCPServer):
    """A TCPServer with a thread per connection."""


if ForkingMixIn is None:
    ForkingTCPServer = None
else:
    class ForkingTCPServer(ForkingMixIn, TCPServer):
        """A TCPServer with a process per connection; None where there is no fork."""

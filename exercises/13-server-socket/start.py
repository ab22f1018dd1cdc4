"""ServerSocket: Java's idea of a server's socket, for Python. See README.md."""
from __future__ import absolute_import, division, print_function

import socket

LINE_LIMIT = 4096  # bytes of a line, its end not counted


class LineTooLong(Exception):
    """The peer sent more than LINE_LIMIT bytes without the end of a line."""


class ServerSocket(object):
    """A socket that listens: `ServerSocket(port).accept()` gives a Connection."""

    def __init__(self, port=0, host='127.0.0.1', backlog=50):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.bind((host, port))
        self._socket.listen(backlog)
        self.port = port  # TODO: which port is it when 0 was asked for?

    def accept(self):
        """Wait for a client; the Connection to it."""
        sock, _ = self._socket.accept()
        return Connection(sock)

    def close(self):
        """Listen no more. Connections that were accepted stay. May be called twice."""
        self._socket.close()


class Connection(object):
    """One client, as lines."""

    def __init__(self, sock):
        self._socket = sock

    def readline(self):
        """The next line as bytes, without its end (LF or CR LF); None when no more will come.

        What comes after the last end of a line is no line. Raises LineTooLong.
        """
        return self._socket.recv(4096)  # TODO: a recv is not a line

    def writeline(self, line):
        """Send a line (bytes) and its end; all of it. ValueError if there is an end in it."""
        self._socket.send(line)  # TODO: all of it, and its end

    def close(self):
        """Hang up. May be called twice."""
        self._socket.close()

    # TODO: `with ServerSocket(port) as server:` and `with server.accept() as connection:`

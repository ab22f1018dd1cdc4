"""Tells the port that was asked for: 0."""
from __future__ import absolute_import, division, print_function

import socket

LINE_LIMIT = 4096  # bytes of a line, its end not counted


class LineTooLong(Exception):
    """The peer sent more than LINE_LIMIT bytes without the end of a line."""


class ServerSocket(object):
    """A socket that listens: `ServerSocket(port).accept()` gives a Connection."""

    def __init__(self, port=0, host='127.0.0.1', backlog=50):
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._socket.bind((host, port))
            self._socket.listen(backlog)
        except Exception:
            self._socket.close()
            raise
        # Only now: some interpreters know the port when they listen, not before.
        self.port = port

    def accept(self):
        """Wait for a client; the Connection to it."""
        sock, _ = self._socket.accept()
        sock.settimeout(None)  # it may have inherited the listener's
        return Connection(sock)

    def close(self):
        """Listen no more. Connections that were accepted stay. May be called twice."""
        self._socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()


class Connection(object):
    """One client, as lines."""

    def __init__(self, sock):
        self._socket = sock
        self._rest = b''
        self._lines = []  # complete ones, the next one last

    def readline(self):
        """The next line as bytes, without its end (LF or CR LF); None when no more will come.

        What comes after the last end of a line is no line. Raises LineTooLong.
        """
        while not self._lines:
            if len(self._rest) > LINE_LIMIT + 1:
                raise LineTooLong()
            data = self._socket.recv(4096)
            if not data:
                return None
            parts = (self._rest + data).split(b'\n')
            self._rest = parts.pop()
            self._lines = parts[::-1]
        line = self._lines.pop()
        if line.endswith(b'\r'):
            line = line[:-1]
        if len(line) > LINE_LIMIT:
            raise LineTooLong()
        return line

    def writeline(self, line):
        """Send a line (bytes) and its end; all of it. ValueError if there is an end in it."""
        if b'\n' in line:
            raise ValueError('a line has no end of line in it')
        self._socket.sendall(line + b'\n')

    def close(self):
        """Hang up. May be called twice."""
        self._socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

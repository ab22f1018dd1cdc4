"""A connection that reads and writes lines: what `ServerSocket.accept()` returns.

The model is Java's Socket with its BufferedReader and PrintWriter: the loops that TCP
requires are here, not in the program.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock, errors, sockets, text, threads, watching
from portable_server.driver import RECEIVE_SIZE
from portable_server.lines import DEFAULT_LINE_LIMIT, LineBuffer, LineTooLong

#: How long `finish` waits for the peer to close, in seconds.
LINGER_SECONDS = 1.0


class Connection(object):
    """One accepted (or made) TCP connection. Close it, or use it in a `with`.

    One thread may read while others write; each write is whole on the wire.
    """

    def __init__(self, sock, peer=None, line_limit=DEFAULT_LINE_LIMIT, line_end=b'\n'):
        """`sock`: a blocking compat.sockets socket. `line_end`: what `writeline` adds."""
        self.socket = sock
        self.peer = peer
        self.line_end = line_end
        self._buffer = LineBuffer(line_limit)
        self._lines = []
        self._next_line = 0
        self._write_lock = threads.Lock()

    def readline(self):
        """The next line as bytes without its line end; None when no more will come.

        A last piece that has no line end is not a line: see `unfinished()`.
        Raises LineTooLong beyond `line_limit`, compat.errors.ConnectionError on a reset.
        """
        while self._next_line >= len(self._lines):
            if self._buffer.too_long:
                raise LineTooLong(self._buffer.limit)
            data = self.socket.recv(RECEIVE_SIZE)
            if not data:
                return None
            self._lines = self._buffer.feed(data)
            self._next_line = 0
        line = self._lines[self._next_line]
        self._next_line += 1
        return line

    def __iter__(self):
        return iter(self.readline, None)

    def unfinished(self):
        """The bytes that came after the last line end (after `readline` returned None)."""
        return self._buffer.unfinished()

    def read_some(self, most=RECEIVE_SIZE):
        """At least one and at most `most` bytes as they come; b'' at the end of the stream.

        Not to be mixed with `readline`: the bytes it has buffered are not given.
        """
        return self.socket.recv(most)

    def write(self, data):
        """Send all of `data` (bytes, or text as UTF-8). Blocks while the peer does not read."""
        data = text.to_bytes(data)
        with self._write_lock, watching.allow(
                'whole writes', why='the lock guards the very stream that its holder waits for'):
            self.socket.sendall(data)

    def writeline(self, line):
        """Send one line; its line end is added. ValueError if there is one inside."""
        line = text.to_bytes(line)
        if b'\n' in line:
            raise ValueError('a line must not contain a line end')
        self.write(line + self.line_end)

    def finish(self):
        """Say that no more will come and let the peer take what is on its way.

        Closing a socket with unread bytes in it sends a reset, which may destroy
        what the peer has not read yet. So: end our side, then read and throw away
        until the peer closes too, for at most LINGER_SECONDS.
        """
        deadline = clock.monotonic() + LINGER_SECONDS
        try:
            self.socket.shutdown(sockets.SHUT_WR)
            while True:
                self.socket.settimeout(max(deadline - clock.monotonic(), 0.001))
                if not self.socket.recv(RECEIVE_SIZE) or clock.monotonic() > deadline:
                    return
        except errors.SocketError:
            pass  # the peer was faster, or does not close: nothing is left to be polite about

    def interrupt(self):
        """Wake a thread blocked on this connection; it sees the end of the stream or an error."""
        sockets.interrupt(self.socket)

    def close(self):
        """Close; safe twice."""
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.close()

"""Lines out of a stream of bytes, without sockets.

TCP carries bytes, not messages: one `recv` may bring half a line or a hundred
lines. `LineBuffer` keeps what has come until it is a line. Two things make it
cheap on a long line: the pieces of an unfinished line are kept in a list (joined
once, when the line ends), and only the new piece is searched for a line end.
"""
from __future__ import absolute_import, division, print_function

DEFAULT_LINE_LIMIT = 65536

#: Pieces kept before they are joined: a line that comes byte by byte would else cost
#: some 40 bytes of memory for each of its bytes.
MOST_PIECES = 256


class LineTooLong(Exception):
    """A line went beyond the limit; the stream cannot be used as lines any more."""

    def __init__(self, limit):
        Exception.__init__(self, 'line longer than %d bytes' % limit)
        self.limit = limit


class LineBuffer(object):
    """Collects bytes and hands out complete lines, without their line ends.

    A line ends with LF; a CR just before it belongs to the line end (RFC 5198
    text lines; a lone CR is data). Memory is at most `limit` bytes and the piece
    that was fed last.
    """

    def __init__(self, limit=DEFAULT_LINE_LIMIT):
        """`limit`: longest line in bytes, its line end not counted."""
        self.limit = limit
        #: Whether a line has gone beyond the limit: what comes now is lost.
        self.too_long = False
        self._pieces = []
        self._size = 0

    def feed(self, data):
        """Take bytes; return the list of lines that they complete.

        The lines before one that is too long are still handed out: LineTooLong
        is raised at once if there are none, else by the next call.
        """
        if self.too_long:
            raise LineTooLong(self.limit)
        last_end = data.rfind(b'\n')
        if last_end < 0:
            lines = []
            self._keep(data)
        else:
            lines = self._complete(data[:last_end])
            if not self.too_long:
                self._keep(data[last_end + 1:])
        if self.too_long and not lines:
            raise LineTooLong(self.limit)
        return lines

    def unfinished(self):
        """The bytes after the last line end: the start of a line still to come."""
        if len(self._pieces) > 1:
            self._pieces = [b''.join(self._pieces)]
        return self._pieces[0] if self._pieces else b''

    def take_unfinished(self):
        """Return `unfinished()` and forget it."""
        rest = self.unfinished()
        self._pieces, self._size = [], 0
        return rest

    def _keep(self, piece):
        if not piece:
            return
        self._pieces.append(piece)
        self._size += len(piece)
        if len(self._pieces) > MOST_PIECES:
            self.unfinished()
        # The CR of a CRLF may already be here; it does not count.
        if self._size > self.limit + (1 if piece.endswith(b'\r') else 0):
            self.too_long = True
            self._pieces = []

    def _complete(self, data):
        if self._pieces:
            data = self.take_unfinished() + data
        lines = data.split(b'\n')
        if b'\r' in data:
            lines = [line[:-1] if line.endswith(b'\r') else line for line in lines]
        # One look at the longest is enough in nearly every case.
        if len(data) > self.limit:
            lines = self._up_to_the_limit(lines)
        return lines

    def _up_to_the_limit(self, lines):
        for position, line in enumerate(lines):
            if len(line) > self.limit:
                self.too_long = True
                return lines[:position]
        return lines

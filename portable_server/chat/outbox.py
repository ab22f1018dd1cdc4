"""What one member has still to be sent: bounded, never copied while it is shared.

A piece is a range of a text that all members share, so a thousand members that lag
behind together hold one text, not a thousand.  A range much smaller than its text is
copied instead, or a member would keep alive what others said to others.

Only the writing loop touches an outbox; so it needs no lock.
"""
from __future__ import absolute_import, division, print_function

from collections import deque

BLOCK = 256 * 1024      # bytes offered to the kernel in one call


class Outbox(object):
    """The unsent rest of one member's slice.

    ``send``  function of (data) that returns how many bytes were taken, 0 for none
    ``lines`` and ``bytes`` count what is still unsent
    ``parting``  True: nothing more will be put; when empty, the member is finished
    """

    __slots__ = ('seat', 'send', 'pieces', 'lines', 'bytes', 'parting', 'watched',
                 '_broken')

    def __init__(self, seat, send):
        self.seat = seat
        self.send = send
        self.pieces = deque()
        self.lines = 0
        self.bytes = 0
        self.parting = False
        self.watched = False
        self._broken = False

    def put(self, text, start, stop):
        """Queue ``text[start:stop]`` (bytes; ``stop`` is the end of a line)."""
        if start >= stop:
            return
        if not self.pieces:
            self._mark(text, start)
        if 2 * (stop - start) < len(text):
            text, start, stop = text[start:stop], 0, stop - start
        self.pieces.append((text, start, stop))
        self.bytes += stop - start
        self.lines += text.count(b'\n', start, stop)

    def flush(self):
        """Send until empty (True) or until the kernel takes no more (False)."""
        while self.pieces:
            block = self._block()
            taken = self.send(block)
            self._drop(taken)
            if taken < len(block):
                return False
        return True

    def exceeds(self, lines, count):
        """Are more than ``lines`` lines or ``count`` bytes unsent?"""
        return self.bytes > count or self.lines > lines

    def replace(self, farewell):
        """Forget what is unsent, but for the rest of a line half sent; then ``farewell``."""
        rest = self._rest_of_line()
        self.pieces.clear()
        self.lines = self.bytes = 0
        self.put(rest + farewell, 0, len(rest) + len(farewell))

    def _block(self):
        chosen, size = [], 0
        for text, start, stop in self.pieces:
            stop = min(stop, start + BLOCK - size)
            chosen.append(text[start:stop])
            size += stop - start
            if size >= BLOCK:
                break
        return chosen[0] if len(chosen) == 1 else b''.join(chosen)

    def _drop(self, taken):
        self.bytes -= taken
        while taken:
            text, start, stop = self.pieces.popleft()
            end = min(stop, start + taken)
            self.lines -= text.count(b'\n', start, end)
            self._mark(text, end)
            taken -= end - start
            if end < stop:
                self.pieces.appendleft((text, end, stop))

    def _rest_of_line(self):
        if not (self.pieces and self._broken):
            return b''
        text, start, _ = self.pieces[0]
        return text[start:text.index(b'\n', start) + 1]

    def _mark(self, text, sent):
        """Was ``text`` sent up to the middle of a line?"""
        self._broken = sent > 0 and text[sent - 1:sent] != b'\n'

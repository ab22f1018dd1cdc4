"""The program's log: lines on standard error, which nobody has to read.

A pipe that nobody reads is full after 64 KiB, and who writes into it then waits for ever. A member
of the chat must not wait for that, nor must the stop. So the threads of the server only hand their
lines over; one thread writes. What it cannot get rid of is kept up to a limit and then dropped,
and the log says how much.
"""
from __future__ import absolute_import, division, print_function

import collections
import contextlib
import logging
import os

from portable_server.compat import clock, process, text, threads

FORMAT = '%(asctime)s %(levelname)s %(message)s'
KEPT_LINES = 1000       # that wait to be written
LAST_WORDS = 0.3        # seconds that the end of the program waits for them
STDERR = 2


@contextlib.contextmanager
def on_stderr(level):
    """The log of the program, of messages from `level` (a number of `logging`) upwards."""
    handler, root = Handler(), logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    try:
        yield
    finally:
        root.removeHandler(handler)
        handler.close()


class Handler(logging.Handler):
    """Hands lines to a thread that writes them; a process forked off writes its own."""

    def __init__(self, write=lambda data: process.write_or_not(STDERR, data)):
        """`write`: takes bytes; may block."""
        logging.Handler.__init__(self)
        self.setFormatter(logging.Formatter(FORMAT))
        self._write = write
        self._process = os.getpid()
        self._changed = threads.Condition()
        self._lines = collections.deque()
        self._lost = 0
        self._writing = False
        self._closed = False
        self._thread = threads.Thread(target=self._work, name='log', daemon=True)
        self._thread.start()

    def emit(self, record):
        """Take a record; never waits."""
        line = text.to_bytes(self.format(record), errors='replace') + b'\n'
        if os.getpid() != self._process:    # the thread is not in a child
            self._write(line)
            return
        with self._changed:
            if len(self._lines) < KEPT_LINES:
                self._lines.append(line)
            else:
                self._lost += 1
            self._changed.notify_all()

    def close(self):
        """Wait a moment until all lines are written, then leave the rest."""
        deadline = clock.monotonic() + LAST_WORDS
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            while (self._lines or self._writing) and clock.monotonic() < deadline:
                self._changed.wait(deadline - clock.monotonic())
        logging.Handler.close(self)

    def _work(self):
        while True:
            with self._changed:
                self._writing = False
                self._changed.notify_all()
                while not self._lines and not self._closed:
                    self._changed.wait()
                if not self._lines:
                    return
                data = self._take()
                self._writing = True
            self._write(data)

    def _take(self):
        """All lines that wait, and how many could not."""
        lines, lost = list(self._lines), self._lost
        self._lines.clear()
        self._lost = 0
        if lost:
            lines.append(text.to_bytes('%d more lines are lost: nobody read the log\n' % lost))
        return b''.join(lines)

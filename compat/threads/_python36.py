"""Python 3.6 and 3.7: threads whose end by an exception goes to `excepthook`.

`threading.excepthook` came with 3.8 (cpython issue 1230540).  The file goes when
3.7 goes.
"""
from __future__ import absolute_import, division, print_function

import threading

from portable_server.compat.threads._excepthook import guarded


class Thread(threading.Thread):
    """`threading.Thread` with `excepthook`."""

    def _bootstrap_inner(self):
        self.run = guarded(self, self.run)
        try:
            threading.Thread._bootstrap_inner(self)
        finally:
            del self.run


class Timer(Thread, threading.Timer):
    """`threading.Timer` with `excepthook`."""

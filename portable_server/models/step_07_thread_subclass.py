"""Thread subclass: a connection *is* a thread, by overriding `__init__` and `run`.

Teaches: the style of Java programs. What the handler needs is stored by `__init__`
(which must call `Thread.__init__`), and `run` holds what was the handler. Data and
locks that belong to a connection have a place: the object. The chat service makes
use of it: its members are threads of its own making.
Guarantees and breaks: as `threads`; only the form of the program differs.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads
from portable_server.models.threaded import ThreadedServer


class ConnectionThread(threads.Thread):
    """Serves one connection."""

    def __init__(self, server, connection):
        threads.Thread.__init__(self)
        self.server = server
        self.connection = connection

    def run(self):
        self.server.serve(self.connection)


class ThreadSubclassServer(ThreadedServer):
    name = 'thread-subclass'

    def new_thread(self, connection):
        own = self.service.new_thread(connection, lambda: self._release_from_thread(connection))
        return own or ConnectionThread(self, connection)

    def _release_from_thread(self, connection):
        try:
            self.release(connection)
        finally:
            self._workers.ended()

"""The connections that are being served: counted, limited, interrupted.

The limit works *before* accept: with no room the server does not accept, so further
clients wait in the kernel's backlog instead of costing a thread or a descriptor.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import threads


class LiveConnections(object):
    """A set of connections with a limit. Every method may be called from any thread."""

    def __init__(self, limit, on_change=None):
        """`on_change(count)` is called, under the lock, whenever there is one more or less."""
        self.limit = limit
        self._on_change = on_change
        self._changed = threads.Condition()
        self._connections = set()
        self._refusing = False

    def __len__(self):
        with self._changed:
            return len(self._connections)

    def wait_for_room(self):
        """Wait until there is room for one more; False once `refuse` was called."""
        with self._changed:
            while len(self._connections) >= self.limit and not self._refusing:
                # A wait without a time-out would keep 2.7's main thread from seeing signals.
                self._changed.wait(0.5)
            return not self._refusing

    def add(self, connection):
        """Count a connection in; False (and not counted) once `refuse` was called."""
        with self._changed:
            if self._refusing:
                return False
            self._connections.add(connection)
            if self._on_change is not None:
                self._on_change(len(self._connections))
            return True

    def discard(self, connection):
        """Count a connection out, if it was in."""
        with self._changed:
            self._connections.discard(connection)
            if self._on_change is not None:
                self._on_change(len(self._connections))
            self._changed.notify_all()

    def refuse(self):
        """No further connection; whoever waits for room wakes."""
        with self._changed:
            self._refusing = True
            self._changed.notify_all()

    def interrupt_all(self):
        """Wake everybody who is blocked on one of the connections."""
        # Under the lock, though it is a loop: shutting a socket down never waits, and a
        # connection that is still in the set is not closed under our hands.
        with self._changed:
            for connection in self._connections:
                connection.interrupt()

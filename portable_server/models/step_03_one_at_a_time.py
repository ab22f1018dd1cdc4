"""One-at-a-time: an outer loop accepts, a routine of its own handles the connection.

Teaches: the connection handler. The loop below knows nothing about the protocol and
the handler nothing about accepting, so that from here on every model is a change of
the loop alone: the same handler, in a process, in a thread, in a Thread subclass.
Guarantees: every client is served to its end, in the order in which they came; an
error in the handler ends that connection and not the server.
Breaks: one client who says nothing keeps all others waiting.
"""
from __future__ import absolute_import, division, print_function

from portable_server.models.in_turn import InTurnServer


class OneAtATimeServer(InTurnServer):
    name = 'one-at-a-time'

    def _serve(self):
        for connection in self.accepted():
            self.serve(connection)

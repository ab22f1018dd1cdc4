"""One-time: serve one connection, then halt.

Teaches: the bare calls (socket, bind, listen, accept, recv, send, close), as the first
example of Python's socket documentation has them.
Guarantees: the one client is served to its end; the program then ends with status 0.
Breaks: at the second client, which is refused. It is the start of a lesson, not a server to
run.
"""
from __future__ import absolute_import, division, print_function

from portable_server.models.in_turn import InTurnServer


class OneTimeServer(InTurnServer):
    name = 'one-time'

    def _serve(self):
        for connection in self.accepted():
            self.listener.stop()
            self.serve(connection)
            return

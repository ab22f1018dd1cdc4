"""Fork: every connection gets a process of its own, a copy of the server.

Teaches: Unix process creation. `fork` returns twice; the child handles the connection
and exits, the parent goes back to accept. (The two halves are in forked.py, shared
with the super-server.)
Guarantees: a slow client, even a crash in the handler, does not stop the others; no
locks, as nothing is shared.
Breaks: nothing is shared, so clients cannot talk to each other (no chat); a process
costs much more than a thread; there is no fork on Jython and Windows; and forking a
program that has threads copies locks that nobody in the child will ever release.
"""
from __future__ import absolute_import, division, print_function

from portable_server.models.forked import ForkedServer


class ForkServer(ForkedServer):
    name = 'fork'

    def in_child(self, connection):
        self.service.handle(connection)

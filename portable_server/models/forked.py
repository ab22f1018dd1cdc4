"""What the models with a process per connection share.

After `fork` parent and child both hold the connection. The parent closes its copy at
once (else the client would never see the end), the child closes the listener (else the
port would stay taken while the child lives). The child must end inside `in_child`'s
caller: if it returned, there would be two servers. A child that has ended stays a
"zombie" until its parent waits for it: see children.py.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import process
from portable_server.compat.errors import NotSupported
from portable_server.models.base import ACCEPT_PAUSE, Server, log
from portable_server.models.children import Children


class ForkedServer(Server):
    """Base of the models with one process per connection."""

    needs_fork = True

    def __init__(self, *positional, **named):
        Server.__init__(self, *positional, **named)
        self._children = None

    def start(self):
        """As Server.start; raises compat.errors.NotSupported where there is no fork."""
        if not process.HAS_FORK:
            raise NotSupported('this interpreter cannot fork')
        Server.start(self)
        self._children = Children(self.release)

    def in_child(self, connection):
        """What the child does with its connection. This is what a model teaches."""
        raise NotImplementedError(self.name)

    def _serve(self):
        for connection in self.accepted():
            self._start_process(connection)

    def _start_process(self, connection):
        try:
            self._children.start(connection, lambda: self._serve_in_child(connection),
                                 [connection.socket.fileno()])
        except OSError as error:
            self.release(connection)
            self._complain('cannot start a process: %s', error)
            self._stopping.wait(ACCEPT_PAUSE)
        else:
            # The child's copy is the connection now. It stays counted in until the child ends.
            connection.close()

    def _serve_in_child(self, connection):
        try:
            self.in_child(connection)
        except Exception as error:
            self.report(connection, error)

    def _end_workers(self, deadline):
        if self._children is not None:
            left = self._children.end_all(deadline)
            if left:
                log.error('%d processes did not end', left)

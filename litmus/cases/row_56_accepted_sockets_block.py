"""Row 56: an accepted socket blocks, whatever the time-out of its listener.

A listener may have a time-out so that its loop can look at a flag. Jython's own accepted
sockets inherit it, and a client that pauses is cut off; with ``compat.sockets`` they
block everywhere, as on CPython. Who wants a limit for a client sets it on that socket.

Source: library/socket, "Timeouts and the accept method".
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import selectors, sockets, threads
from portable_server.litmus import Case, actor, expect
from portable_server.litmus.cases import _loopback

SHORT = 0.02    # seconds


class ListenerWithTimeout(Case):
    """The client is silent for longer than the listener's time-out: does recv wait?"""

    rows = (56,)
    expectations = (expect('waited', 'A', 'library/socket: Timeouts and the accept method'),)
    batch = 1
    listener_timeout = SHORT

    def __init__(self):
        self.listener = _loopback.listening()
        self.client = sockets.create_connection(self.listener.getsockname())
        self.gave_up = threads.Event()
        self.answer = None

    def accept(self):
        selector = selectors.DefaultSelector()
        selector.register(self.listener, selectors.EVENT_READ)
        selector.select(_loopback.LIMIT)    # the client is there: accept will not wait
        selector.close()
        self.listener.settimeout(self.listener_timeout)
        return self.listener.accept()[0]

    @actor
    def server(self):
        connection = self.accept()
        try:
            self.answer = connection.recv(1)
        except sockets.timeout:
            self.answer = 'timed out'
        finally:
            connection.close()
            self.listener.close()
            self.gave_up.set()

    @actor
    def silent_client(self):
        self.gave_up.wait(3 * SHORT)        # silent for so long, or until it gave up
        self.client.sendall(b'x')
        self.client.close()

    def observe(self):
        return 'waited' if self.answer == b'x' else str(self.answer)


class NonBlockingListener(ListenerWithTimeout):
    """The same with a listener that does not block at all."""

    listener_timeout = 0


class TimeoutOfItsOwn(ListenerWithTimeout):
    """The accepted socket is given a time-out: recv gives up, then and only then."""

    expectations = (expect('timed out', 'A', 'library/socket: socket.settimeout'),)

    def accept(self):
        connection = super(TimeoutOfItsOwn, self).accept()
        connection.settimeout(SHORT)
        return connection

    @actor
    def silent_client(self):
        self.gave_up.wait(_loopback.LIMIT)
        self.client.close()

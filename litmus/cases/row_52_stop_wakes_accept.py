"""Row 52: the portable stop wakes a thread that is blocked in accept.

``close`` alone wakes nobody on CPython and PyPy: the kernel keeps the listener open for
the call that waits in it, and goes on accepting. ``shutdown`` wakes it on Linux;
``compat.sockets.stop_accepting`` does what wakes on each interpreter. Setting a flag and
connecting to oneself does too: the road of those who have no such call.

Source: Linux, shutdown(2), accept(2), close(2) ("multithreaded processes and close()");
java.nio.channels.AsynchronousCloseException.
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import errors, sockets, threads
from portable_server.litmus import Case, actor, expect
from portable_server.litmus.cases import _loopback
from portable_server.litmus.cases._loopback import AFTER_CLOSE, BLOCKED, BOUND, MOMENT, WOKEN


class StopAccepting(Case):
    """One thread accepts, another stops it, at any time: does accept end within 5 s?"""

    rows = (52,)
    expectations = (expect(WOKEN, 'A', 'compat.sockets.stop_accepting; Linux: shutdown(2)'),)
    batch = 1

    def __init__(self):
        self.listener = _loopback.listening()
        self.address = self.listener.getsockname()
        self.ended = threads.Event()
        self.stopping = False
        self.woken = None

    def stop(self):
        sockets.stop_accepting(self.listener)

    @actor
    def acceptor(self):
        try:
            while not self.stopping:
                self.listener.accept()[0].close()
        except errors.SocketError:
            pass
        self.ended.set()

    @actor
    def stopper(self):
        self.stop()
        self.woken = self.ended.wait(BOUND)

    def observe(self):
        return WOKEN if self.woken else BLOCKED


class StopAcceptingLater(StopAccepting):
    """The same when the acceptor has served a client and most likely waits again."""

    @actor
    def stopper(self):
        self.be_served()
        super(StopAcceptingLater, self).stopper()

    def be_served(self):
        client = sockets.create_connection(self.address)
        client.recv(1)      # the end: it was accepted and closed
        client.close()


class CloseListener(StopAcceptingLater):
    """The listener is only closed: does accept end?"""

    expectations = AFTER_CLOSE

    @actor
    def stopper(self):
        self.be_served()
        self.listener.close()
        self.woken = self.ended.wait(MOMENT)
        if not self.woken:
            self.connect()      # the kernel still accepts for it
            self.ended.wait(BOUND)

    def connect(self):
        try:
            sockets.create_connection(self.address, BOUND).close()
        except errors.SocketError:
            pass                # it ended meanwhile


class ConnectToOneself(CloseListener):
    """A flag is set and the listener connected to: accept returns and sees the flag."""

    mends = 'CloseListener'
    expectations = (expect(WOKEN, 'A', 'Linux: accept(2), returns a connection'),)

    @actor
    def stopper(self):
        self.stopping = True
        self.connect()
        self.woken = self.ended.wait(BOUND)
        self.listener.close()

"""Row 53: the portable stop ends threads that are blocked in recv.

A server that stops has threads that wait for clients who may never say anything again.
``close`` from another thread leaves them waiting on CPython and PyPy, with a descriptor
number that the next connection may get. ``shutdown`` first, which
``compat.sockets.interrupt`` does: their ``recv`` returns the end of the stream, and each
thread closes its own socket.

Source: Linux, shutdown(2), close(2) ("multithreaded processes and close()").
"""
from __future__ import absolute_import, division, print_function

from portable_server.compat import errors, sockets, threads
from portable_server.litmus import Case, actor, expect
from portable_server.litmus.cases import _loopback
from portable_server.litmus.cases._loopback import AFTER_CLOSE, BLOCKED, BOUND, MOMENT, WOKEN

CLIENTS = 3


class InterruptReader(Case):
    """One thread waits in recv, another interrupts: does it end within 5 s?"""

    rows = (53,)
    expectations = (expect(WOKEN, 'A', 'compat.sockets.interrupt; Linux: shutdown(2)'),)
    batch = 1

    def __init__(self):
        self.client, self.server = _loopback.pair()
        self.heard, self.ended = threads.Event(), threads.Event()
        self.woken = None

    @actor
    def reader(self):
        try:
            while self.server.recv(1):
                self.heard.set()
        except errors.SocketError:
            pass
        self.server.close()
        self.ended.set()

    @actor
    def stopper(self):
        self.client.sendall(b'x')
        self.heard.wait(BOUND)      # most likely it waits in the next recv
        self.stop()
        self.client.close()

    def stop(self):
        sockets.interrupt(self.server)
        self.woken = self.ended.wait(BOUND)

    def observe(self):
        return WOKEN if self.woken else BLOCKED


class CloseConnection(InterruptReader):
    """The socket is only closed, by another thread: does recv end?"""

    expectations = AFTER_CLOSE

    def stop(self):
        self.server.close()
        self.woken = self.ended.wait(MOMENT)


class StopServer(Case):
    """A server with three idle clients stops: are all its threads gone, is each client told?"""

    rows = (52, 53)
    expectations = (expect('stopped, 3 clients told', 'A', 'the whole: rows 52 and 53'),)
    batch = 1

    def __init__(self):
        self.server = _loopback.Server(self.read)
        self.read_something = threads.Semaphore(0)
        self.clients = [sockets.create_connection(self.server.address) for _ in range(CLIENTS)]
        self.told = 0
        self.took = None

    def read(self, connection):
        for _ in _loopback.pieces(connection):
            self.read_something.release()

    @actor
    def stopper(self):
        for client in self.clients:
            client.sendall(b'x')
            self.read_something.acquire(timeout=BOUND)
        self.took = self.server.stop()

    @actor
    def watcher(self):
        for client in self.clients:
            self.told += client.recv(1) == b''
            client.close()

    def observe(self):
        stopped = self.took is not None and self.took <= BOUND
        return '%s, %d clients told' % ('stopped' if stopped else 'not stopped', self.told)

"""A chat server in this process, and clients for it."""
from __future__ import absolute_import, division, print_function

import contextlib

import pytest

from portable_server.compat import clock, errors, sockets, threads
from portable_server.chat import designs
from portable_server.chat.limits import Limits
from portable_server.models.step_07_thread_subclass import ThreadSubclassServer
from portable_server.services.chat import Chat
from tests.support.limits import scaled

PATIENCE = scaled(20.0)     # seconds that a test waits for what must come; never slept through
FULL_KERNEL = 24 * 1024 * 1024      # bytes that fill every kernel buffer on the way

#: For tests of the design that breaks both rules of locking, to show what comes of it.
#: That it does break them is tested in tests/watch.
NAIVE = pytest.mark.lock_watch_allow(
    'global-lock', why='the design sends with its lock held, to be seen failing',
    kinds=('blocked-while-holding', 'held-too-long'), lock='*global_lock.py:*')
DESIGNS = [pytest.param(name, marks=NAIVE if name == 'global-lock' else ())
           for name in designs.NAMES]


class Client(object):
    """One connection to a chat server; every wait is bounded by PATIENCE."""

    def __init__(self, address, name=None, receive_buffer=None):
        self.name = name
        self._unread = b''
        if receive_buffer is None:
            self.socket = sockets.create_connection(address, PATIENCE)
        else:
            self.socket = sockets.socket()
            self.socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, receive_buffer)
            self.socket.settimeout(PATIENCE)
            self.socket.connect(address)
        try:
            self._arrive()
        except Exception:
            self.close()
            raise

    def _arrive(self):
        self.greeting = self.line()
        if self.name is not None:
            self.send(self.name + b'\n')
            self.roster = self.line()

    def send(self, data):
        self.socket.sendall(data)

    def line(self):
        """The next line without its end; None at the end of the stream."""
        while b'\n' not in self._unread:
            data = self.socket.recv(65536)
            if not data:
                assert not self._unread, 'torn line %r' % self._unread
                return None
            self._unread += data
        line, _, self._unread = self._unread.partition(b'\n')
        return line

    def lines(self, count):
        return [self.line() for _ in range(count)]

    def rest(self):
        """All lines up to the end of the stream, or to a reset."""
        found = []
        try:
            line = self.line()
            while line is not None:
                found.append(line)
                line = self.line()
        except errors.ConnectionError:
            pass
        return found

    def until(self, wanted):
        """All lines up to and with ``wanted``."""
        found = []
        while not found or found[-1] != wanted:
            found.append(self.line())
            assert found[-1] is not None, 'ended without %r: %r' % (wanted, found[-3:])
        return found

    def close(self):
        self.socket.close()

    def reset(self):
        sockets.reset(self.socket)


class House(object):
    """A server and its clients; all is closed by :func:`house`."""

    def __init__(self, design, drain, **limits):
        self.service = Chat(Limits(**limits), design)
        self.server = ThreadSubclassServer(self.service, drain_seconds=drain)
        self.server.start()
        self._serving = threads.Thread(target=self.server.serve_forever)
        self._serving.start()
        self._clients = []

    def client(self, *arguments, **named):
        client = Client(self.server.address, *arguments, **named)
        self._clients.append(client)
        return client

    def stop(self):
        """Stop the server; returns the seconds that it took."""
        start = clock.monotonic()
        assert self.server.stop(PATIENCE), 'the server did not stop'
        self._serving.join(PATIENCE)
        assert not self._serving.is_alive()
        return clock.monotonic() - start

    def reached(self):
        """The counters of the limits that were reached."""
        return self.service.server.report()['limits_reached']

    def close(self):
        self.stop()
        for client in self._clients:
            client.close()


@contextlib.contextmanager
def house(design='objects', drain=1.0, **limits):
    """A House with a running server, stopped and closed at the end."""
    running = House(design, drain, **limits)
    try:
        yield running
    finally:
        running.close()


def await_true(condition, what):
    """Wait until ``condition()``; it looks every 10 ms, for at most PATIENCE."""
    deadline = clock.monotonic() + PATIENCE
    while not condition():
        assert clock.monotonic() < deadline, what
        clock.sleep(0.01)

"""Connections over the loopback interface, and a tiny server. No cases in here."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock, errors, sockets, threads
from portable_server.litmus import expect

HOST = '127.0.0.1'
LIMIT = 10.0            # seconds that no wait of a case should need
BOUND = 5.0             # seconds that a stop may take
MOMENT = 0.1            # seconds, after which who has not ended is blocked
RECEIVE_SIZE = 4096     # bytes
WOKEN, BLOCKED = 'woken', 'still blocked'

#: What becomes of a call that waits on a socket which another thread only closes.
AFTER_CLOSE = (expect(WOKEN, 'A', 'the call had not begun; on Jython '
                      'java.nio.channels.AsynchronousCloseException'),
               expect(BLOCKED, 'I', 'Linux: close(2)', J='F'))


def listening():
    """A listener at a free port."""
    return sockets.create_server((HOST, 0))


def pair():
    """(client, server): two connected sockets."""
    listener = listening()
    try:
        client = sockets.create_connection(listener.getsockname())
        return client, listener.accept()[0]
    finally:
        listener.close()


def pieces(connection):
    """Generator of what each recv returned, until the end of the stream."""
    return iter(lambda: connection.recv(RECEIVE_SIZE), b'')


def lines(connection):
    """Generator of the lines (bytes, without their end) until the end of the stream.

    TCP carries bytes, not lines: what was received is kept until a line is complete.
    """
    unfinished = b''
    for piece in pieces(connection):
        complete = piece.split(b'\n')
        complete[0] = unfinished + complete[0]
        unfinished = complete.pop()
        for line in complete:
            yield line


class Server(object):
    """Calls `serve(connection)` in a thread for each connection, until `stop`."""

    def __init__(self, serve):
        self._serve = serve
        self._listener = listening()
        self.address = self._listener.getsockname()
        self._connections = []
        self._lock = threads.Lock()
        self.threads = []
        self._acceptor = threads.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def _accept(self):
        while True:
            try:
                connection = self._listener.accept()[0]
            except errors.SocketError:
                return          # stopped
            thread = threads.Thread(target=self._run, args=(connection,), daemon=True)
            self._connections.append(connection)
            self.threads.append(thread)
            thread.start()

    def _run(self, connection):
        try:
            self._serve(connection)
        except errors.SocketError:
            pass                # this client's trouble, and nobody else's
        finally:
            with self._lock:    # not while `stop` interrupts it
                connection.close()

    def stop(self):
        """Seconds (float) that it took until all threads had ended; None beyond LIMIT."""
        began = clock.monotonic()
        sockets.stop_accepting(self._listener)
        self._acceptor.join(LIMIT)      # from here on nobody adds connections
        with self._lock:
            for connection in self._connections:
                sockets.interrupt(connection)
        for thread in self.threads:
            thread.join(max(0, began + LIMIT - clock.monotonic()))
        alive = [one for one in self.threads + [self._acceptor] if one.is_alive()]
        return None if alive else clock.monotonic() - began

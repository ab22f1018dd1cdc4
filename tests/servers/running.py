"""A server in this process and clients for it, all closed at the end of a test."""
from __future__ import absolute_import, division, print_function

from portable_server.compat import clock, errors, sockets, threads
from portable_server import models, services
from tests.support.limits import scaled

#: No wait in these tests takes longer than this, in seconds.
PATIENCE = scaled(20)


class Client(object):
    """A blocking client, with a time limit on every wait."""

    def __init__(self, address, receive_buffer=None):
        if receive_buffer is None:
            self.socket = sockets.create_connection(address, timeout=PATIENCE)
        else:
            family = sockets.AF_INET6 if ':' in address[0] else sockets.AF_INET
            self.socket = sockets.socket(family, sockets.SOCK_STREAM)
            self.socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_RCVBUF, receive_buffer)
            self.socket.settimeout(PATIENCE)
            self.socket.connect(address)

    def send(self, data):
        self.socket.sendall(data)

    def send_until_stuck(self, block, seconds=0.3, most=2 ** 27):
        """Send `block` again and again until nothing moves for this long; the bytes sent."""
        self.socket.settimeout(seconds)
        sent = 0
        try:
            while sent < most:
                sent += self.socket.send(block[sent % len(block):])
        except errors.TimeoutError:
            self.socket.settimeout(PATIENCE)
            return sent
        raise AssertionError('the server takes everything, or keeps it all in memory')

    def read(self, size):
        """Exactly `size` bytes; fewer only at the end of the stream."""
        pieces = []
        while size > 0:
            piece = self.socket.recv(min(size, 65536))
            if not piece:
                break
            pieces.append(piece)
            size -= len(piece)
        return b''.join(pieces)

    def ask(self, data):
        """What an echo server makes of `data`."""
        self.send(data)
        return self.read(len(data))

    def read_to_end(self):
        """All until the server closes; a reset counts as the end."""
        pieces = []
        try:
            while True:
                piece = self.socket.recv(65536)
                if not piece:
                    break
                pieces.append(piece)
        except errors.ConnectionError:
            pass
        return b''.join(pieces)

    def says_nothing(self, seconds=0.3):
        """Whether nothing comes for this long."""
        self.socket.settimeout(seconds)
        try:
            self.socket.recv(1)
        except errors.TimeoutError:
            return True
        finally:
            self.socket.settimeout(PATIENCE)
        return False

    def end_sending(self):
        self.socket.shutdown(sockets.SHUT_WR)

    def reset(self):
        sockets.reset(self.socket)

    def close(self):
        self.socket.close()


class RunningServer(object):
    """A server that serves in a thread of this process."""

    def __init__(self, model, service, **limits):
        if not hasattr(service, 'handle'):
            service = services.find(service)()
        self.server = models.find(model)(service, **limits)
        self.server.start()
        self.thread = threads.Thread(target=self.server.serve_forever, name='serving')
        self.thread.start()
        self._clients = []

    def connect(self, receive_buffer=None):
        client = Client(self.server.address, receive_buffer)
        self._clients.append(client)
        return client

    def stop(self):
        """Stop the server; the seconds that it took. AssertionError if it did not end."""
        begin = clock.monotonic()
        ended = self.server.stop(PATIENCE)
        took = clock.monotonic() - begin
        self.thread.join(PATIENCE)
        assert ended and not self.thread.is_alive(), 'the server did not stop'
        return took

    def close(self):
        for client in self._clients:
            client.close()
        self.stop()

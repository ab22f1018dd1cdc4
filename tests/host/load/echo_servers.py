"""Echo servers in threads of the test: right ones, that count what they get, and liars."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator

Answer = Callable[[bytes], bytes]


class Echo(socketserver.ThreadingTCPServer):
    """Sends back what ``answer`` makes of what came; counts connections and bytes.

    ``closes``: a connection has one answer.
    """

    request_queue_size = 128
    daemon_threads = True

    def __init__(self, answer: Answer = bytes, closes: bool = False) -> None:
        self.answer, self.closes = answer, closes
        self.connections = 0
        self.received = 0
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def where(self) -> tuple[str, int]:
        host, port = self.server_address[:2]
        return str(host), int(port)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is nothing to tell."""


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        server, sock = self.server, self.request
        assert isinstance(server, Echo)
        assert isinstance(sock, socket.socket)
        with server.lock:
            server.connections += 1
        while data := sock.recv(65536):
            with server.lock:
                server.received += len(data)
            answer = server.answer(data)
            if answer == b"":
                return
            sock.sendall(answer)
            if server.closes:
                return


@contextlib.contextmanager
def serving(answer: Answer = bytes, closes: bool = False) -> Iterator[Echo]:
    with Echo(answer, closes) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(10)

"""Echo with gevent: a greenlet a connection, code as for a thread."""

from __future__ import annotations

import contextlib
import socket

import gevent.socket
from gevent.server import StreamServer

from portable_harness.peers import common


def handle(connection: gevent.socket.socket, address: tuple[str, int]) -> None:
    del address
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    with contextlib.suppress(OSError):
        while data := connection.recv(common.LIMIT):
            connection.sendall(data)


if __name__ == "__main__":
    server = StreamServer(common.arguments(), handle, backlog=common.BACKLOG)
    server.start()
    common.ready(server.address)
    server.serve_forever()

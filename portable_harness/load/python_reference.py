"""The server that generators are measured against where there is no C compiler: an epoll echo.

    python_reference.py [HOST]

It ends when its standard input ends.
"""

from __future__ import annotations

import os
import select
import socket
import sys

SIZE = 262144


def main(host: str = "127.0.0.1") -> None:
    listener = socket.create_server((host, 0), backlog=4096)
    listener.setblocking(False)
    name, port = listener.getsockname()[:2]
    print(f"listening on {name}:{port}", flush=True)  # noqa: T201
    clients: dict[int, socket.socket] = {}
    ready = select.epoll()
    ready.register(listener, select.EPOLLIN)
    ready.register(0, select.EPOLLIN)
    while True:
        for descriptor, _ in ready.poll():
            if descriptor == listener.fileno():
                client, _ = listener.accept()
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                clients[client.fileno()] = client
                ready.register(client, select.EPOLLIN)
            elif descriptor in clients:
                echo(clients, descriptor)
            elif not os.read(0, 64):
                return


def echo(clients: dict[int, socket.socket], descriptor: int) -> None:
    """A client that is our own generator reads: sending may wait."""
    client = clients[descriptor]
    try:
        data = client.recv(SIZE)
        client.sendall(data)
    except OSError:
        data = b""
    if not data:
        del clients[descriptor]
        client.close()  # epoll forgets it by itself


if __name__ == "__main__":
    main(*sys.argv[1:])

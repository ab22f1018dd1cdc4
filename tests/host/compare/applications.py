"""Servers as somebody might have written them, right and faulty, for `compare --command`.

`python applications.py KIND PORT` starts one.
"""

from __future__ import annotations

import os
import socket
import socketserver
import sys
import time

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello\n"
WRONG = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi\n"
MORE_THAN_A_GREETING = 40  # answers


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128
    kind = ""
    answers = 0


class Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self) -> None:
        server = self.server
        assert isinstance(server, Server)
        while line := self.rfile.readline():
            if server.kind != "echo" and line != b"\r\n":
                continue  # a request ends with an empty line
            server.answers += 1
            late = server.answers > MORE_THAN_A_GREETING
            if server.kind == "dies" and late:
                os.write(1, b"out of order\n")
                os._exit(3)
            if server.kind == "sleeps":
                time.sleep(0.05)
            http = WRONG if server.kind == "wrong" and late else HELLO
            self.wfile.write(line if server.kind == "echo" else http)


def main(kind: str, port: int) -> None:
    if kind == "refuses":
        raise SystemExit("no database")
    if kind == "mute":
        with socket.socket():
            time.sleep(600)
    with Server(("127.0.0.1", port), Handler) as server:
        server.kind = kind
        server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))

"""Is it such a server at all? What is certainly another one is told at once, in one line.

Only what comes counts (an echo, the first bytes of TLS, of HTTP), never that nothing comes: a
server may take its time for the greeting.
"""

from __future__ import annotations

import contextlib
import socket
import ssl

from portable_harness.base.errors import Problem
from portable_harness.check.server import Server

SOON = 1.0  # seconds
BAD_NAME = b"who, me?\n"  # a chat refuses it, an echo does not
TLS_ALERT = b"\x15\x03"
TLS_REMEDY = "check speaks plain TCP: start the server without TLS"


def must_be(server: Server, protocol: str) -> None:
    """:raises Problem: when it certainly is a server of something else"""
    with contextlib.suppress(OSError), _connected(server) as sock:
        first = _next(sock, SOON if protocol == "chat" else SOON / 2)
        if protocol == "echo" and first:
            came = repr(first[:40])
            raise Problem(
                f"the server speaks first ({came}), which an echo never does",
                "is it a chat? portable-server check chat",
            )
        answer = b"" if first else _answer(sock)
        _must_be_plain(server, first + answer, silent=not first)
        if protocol == "chat" and answer == BAD_NAME:
            raise Problem(
                "the server sends back what it gets, and never asks for a name",
                "is it an echo? portable-server check echo",
            )


def _connected(server: Server) -> socket.socket:
    sock = server.socket()
    sock.settimeout(2 * SOON)
    sock.connect(server.address)
    return sock


def _answer(sock: socket.socket) -> bytes:
    sock.sendall(BAD_NAME)
    return _next(sock, SOON)


def _must_be_plain(server: Server, came: bytes, silent: bool) -> None:
    if came.startswith(TLS_ALERT) or (silent and not came and _speaks_tls(server)):
        raise Problem("the server speaks TLS", TLS_REMEDY)
    if came.startswith(b"HTTP/"):
        raise Problem("the server speaks HTTP", "check is for line servers: chat, echo")


def _next(sock: socket.socket, seconds: float) -> bytes:
    """What comes in that time; nothing at the end too."""
    sock.settimeout(seconds)
    try:
        return sock.recv(65_536)
    except OSError:
        return b""


def _speaks_tls(server: Server) -> bool:
    """Whether a handshake gets an answer that only TLS gives."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with contextlib.suppress(OSError), _connected(server) as sock:
        sock.settimeout(2 * SOON)
        try:
            context.wrap_socket(sock).close()
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError, TimeoutError, ConnectionError):
            return False
        except ssl.SSLError as error:
            return "WRONG_VERSION_NUMBER" not in str(error)  # an answer that is no TLS
        return True
    return False

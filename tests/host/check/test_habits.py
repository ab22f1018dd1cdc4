"""Servers with habits: where they listen, how long they take to start, how much they print."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from portable_harness.base.errors import Problem
from portable_harness.check.model import Check, Status
from portable_harness.check.run import CHECKS, Plan, run
from portable_harness.check.server import StartedServer, free_port

SERVER = """
import os, socket, socketserver, sys, time
class Echo(socketserver.StreamRequestHandler):
    def handle(self):
        {talk}
        for line in self.rfile:
            self.wfile.write(line)
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    address_family = socket.{family}
{first}
Server(({host!r}, {port}), Echo).serve_forever()
"""
PLAIN = {"talk": "pass", "family": "AF_INET", "first": "", "host": "127.0.0.1"}
FROM_ENVIRONMENT = "int(os.environ['PORT'])"
NOISE = "sys.stdout.write('out' * 400_000); sys.stderr.write('error' * 200_000)"
HABITS: dict[str, tuple[dict[str, str], str]] = {
    "argument": ({"port": "int(sys.argv[1])"}, "{port}"),
    "environment": ({"port": FROM_ENVIRONMENT}, ""),
    "in the source": ({}, ""),
    "argument is ignored": ({}, "{port}"),
    "all addresses": ({"host": "0.0.0.0", "port": FROM_ENVIRONMENT}, ""),
    "localhost": ({"host": "localhost", "port": FROM_ENVIRONMENT}, ""),
    "IPv6": ({"host": "::1", "family": "AF_INET6", "port": FROM_ENVIRONMENT}, ""),
    "all addresses of IPv6": ({"host": "::", "family": "AF_INET6"}, ""),
    "another address": ({"host": "127.0.0.9", "port": "int(sys.argv[1])"}, "{port}"),
    "slow to start": ({"first": "time.sleep(1.5)", "port": FROM_ENVIRONMENT}, ""),
    "prints before it listens": ({"first": NOISE, "port": FROM_ENVIRONMENT}, ""),
    "prints for each client": ({"talk": NOISE, "port": FROM_ENVIRONMENT}, ""),
    "a child listens": ({"first": "if os.fork(): os.wait()", "port": FROM_ENVIRONMENT}, ""),
}
ASKED = ("line", "next-client", "concurrent", "restarts", "stops")


def checks() -> list[Check]:
    return [check for check in CHECKS["echo"] if check.name in ASKED]


def written(folder: Path, habit: dict[str, str]) -> Path:
    file = folder / "server.py"
    file.write_text(SERVER.format(**{**PLAIN, "port": str(free_port()), **habit}))
    return file


@pytest.mark.parametrize("name", HABITS)
def test_a_server_with_this_habit_is_checked(name: str, tmp_path: Path) -> None:
    habit, argument = HABITS[name]
    words = [sys.executable, str(written(tmp_path, habit)), *argument.split()]
    server = StartedServer(words)
    try:
        found = list(run(server, checks(), Plan(seed=1, quick=True, patience=60.0)))
    finally:
        server.stop()
    assert [
        (outcome.check.name, outcome.came) for outcome in found if outcome.status is Status.FAILED
    ] == []
    asked = {outcome.check.name for outcome in found if outcome.status is Status.PASSED}
    assert asked >= {"line", "next-client", "concurrent"}, [outcome.reason for outcome in found]


def test_a_port_that_is_given_is_waited_for(tmp_path: Path) -> None:
    port = free_port()
    server = StartedServer([sys.executable, str(written(tmp_path, {"port": str(port)}))], port=port)
    try:
        server.start()
        assert server.address == ("127.0.0.1", port)
    finally:
        server.stop()


def test_another_program_is_not_taken_for_the_server(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        words = [sys.executable, str(written(tmp_path, {"port": str(port)}))]
        server = StartedServer(words, port=port)
        with pytest.raises(Problem, match="another program listens"):
            server.start()


def test_a_port_in_the_source_that_another_program_has_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portable_harness.check.server.PORT_FREE", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        server = StartedServer([sys.executable, str(written(tmp_path, {"port": str(port)}))])
        with pytest.raises(Problem, match="in use"):
            server.start()

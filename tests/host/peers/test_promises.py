"""Each peer that can be started here keeps the promises of `check`, and ends when it should."""

from __future__ import annotations

import functools
import signal
from dataclasses import replace

import pytest

from portable_harness.base.servers import ServerProcess
from portable_harness.check.lifecycle import ORDERLY
from portable_harness.check.model import Check, Level
from portable_harness.check.run import CHECKS, Plan, run
from portable_harness.check.server import PORT, StartedServer
from portable_harness.interpreters import Interpreter, select
from portable_harness.jython import fast_command
from portable_harness.peers import registry
from portable_harness.peers.registry import Missing, Peer, Runnable

END_LIMIT = 20.0  # seconds; a busy machine ends a Java program in three
# Jython's own socket module loses an answer after a half-close (compat/_ledger_records.py).
JYTHON_LACKS = {
    "socketserver": ("half-close",),
    "plain-threads": ("half-close",),
}
OLD = [
    (name, peer) for name in ("2.7", "pypy", "jython") for peer in ("socketserver", "plain-threads")
]


@functools.cache
def _interpreter(name: str) -> Interpreter | None:
    (found,) = select(name)
    return replace(found, command=fast_command(found)) if isinstance(found, Interpreter) else None


def runnable(peer: Peer, interpreter: str = "cpython") -> Runnable:
    chosen = _interpreter(interpreter)
    if chosen is None:
        pytest.skip(f"absent: {interpreter}")
    found = registry.resolve(peer, chosen)
    if isinstance(found, Missing):
        pytest.skip(f"absent: {found.name}: {found.reason}")
    return found


def promises(peer: Peer, also_not: tuple[str, ...] = ()) -> list[Check]:
    levels = (Level.REQUIRED, Level.STRONG)
    without = (*peer.lacks, *also_not)
    return [
        check
        for check in CHECKS[peer.service]
        if check.level in levels and check.name not in without
    ]


def broken(found: Runnable, checks: list[Check], patience: float = 20.0) -> list[str]:
    server = StartedServer(
        [*found.command, "--port", PORT], env={"PYTHONPATH": str(found.folder), "JYTHONPATH": ""}
    )
    plan = Plan(seed=1, quick=True, patience=patience)
    try:
        return [
            f"{outcome.check.name}: sent {outcome.sent}; came {outcome.came}; due {outcome.due}"
            for outcome in run(server, checks, plan)
            if outcome.fails
        ]
    finally:
        server.stop()


@pytest.mark.slow
@pytest.mark.time_limit(300)
@pytest.mark.parametrize("peer", registry.PEERS, ids=lambda peer: f"{peer.service}-{peer.name}")
def test_a_peer_keeps_its_promises(peer: Peer) -> None:
    assert broken(runnable(peer), promises(peer)) == []


@pytest.mark.slow
@pytest.mark.time_limit(300)
@pytest.mark.parametrize(("interpreter", "name"), OLD)
def test_the_portable_ones_keep_them_on_old_interpreters(interpreter: str, name: str) -> None:
    (peer,) = registry.choose("echo", [name])
    lacks = JYTHON_LACKS[name] if interpreter == "jython" else ()
    assert broken(runnable(peer, interpreter), promises(peer, lacks)) == []


@pytest.mark.slow
@pytest.mark.time_limit(300)
@pytest.mark.parametrize("name", ["socketserver", "lock-sendall", "twisted"])
def test_what_a_peer_is_said_to_lack_it_lacks(name: str) -> None:
    """Else the sentence about it is out of date."""
    (peer,) = registry.choose("chat", [name])
    checks = [check for check in CHECKS["chat"] if check.name in peer.lacks]
    assert len(broken(runnable(peer), checks, patience=3.0)) == len(peer.lacks) == 1


@pytest.mark.parametrize("peer", registry.PEERS, ids=lambda peer: f"{peer.service}-{peer.name}")
def test_a_peer_ends_with_its_input_and_on_sigterm(peer: Peer) -> None:
    found = runnable(peer)
    with ServerProcess(found.command, cwd=found.folder) as server:
        assert server.address[0] == "127.0.0.1"
        server.ask_to_stop_by_stdin()
        assert server.wait(END_LIMIT) == 0
    with ServerProcess(found.command, cwd=found.folder) as server:
        server.process.send_signal(signal.SIGTERM)
        assert server.wait(END_LIMIT) in ORDERLY

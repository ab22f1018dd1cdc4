"""Rows 55 and 57 to 64 on each interpreter: histories of our server, recorded and judged."""

from __future__ import annotations

import pytest

from portable_harness.chat import workload
from portable_harness.chat.check import Outcome, check
from tests.host.chat.conftest import SECONDS, StartServer

DESIGNS = ("objects", "mailboxes", "global-lock")
LATENCY_LIMIT = 30.0  # seconds; a busy machine delays, a stall is for ever
PATIENCE = 5.0  # seconds, where a stall is due


def said(outcome: Outcome) -> str:
    """What to print when a history is at fault."""
    return "\n".join(str(fault) for fault in outcome.verdict.faults[:10])


@pytest.mark.parametrize("design", DESIGNS)
def test_mixed_traffic(start: StartServer, design: str, seed: int) -> None:
    """Everything that clients do, at once: nothing lost, twice, torn, or in another order."""
    with start("--design", design) as server:
        outcome = check(server.address, workload.mixed(seed, clients=16, seconds=SECONDS))
    assert outcome.verdict.ok, said(outcome)
    assert outcome.verdict.deliveries > 1_000
    assert outcome.verdict.notices > 100


@pytest.mark.parametrize("design", ["objects", "mailboxes"])
def test_a_member_that_never_reads_harms_nobody(start: StartServer, design: str, seed: int) -> None:
    with start("--design", design) as server:
        played = workload.stalled_member(seed, latency_limit=LATENCY_LIMIT)
        outcome = check(server.address, played)
    assert outcome.verdict.ok, said(outcome)


def test_the_global_lock_stalls_everybody(start: StartServer) -> None:
    """The expected outcome of the design as in class: one stalled reader stops the room."""
    with start("--design", "global-lock") as server:
        played = workload.stalled_member(1, latency_limit=PATIENCE)
        outcome = check(server.address, played, patience=PATIENCE)
        server.kill()
    assert "slow-not-cut-off" in outcome.verdict.kinds or "lost" in outcome.verdict.kinds
    assert outcome.verdict.kinds <= {"slow-not-cut-off", "lost", "delayed", "notice-lost"}


@pytest.mark.parametrize("design", DESIGNS)
def test_a_stop_in_the_middle_of_traffic(start: StartServer, design: str, seed: int) -> None:
    """Row 64: what was accepted is delivered or its client told, all in the drain's time."""
    with start("--design", design) as server:
        played = workload.mixed(seed, clients=16, seconds=10)
        outcome = check(server.address, played, stop=server.ask_to_stop_by_stdin)
        assert server.wait(30) == 0, server.output
    assert outcome.verdict.ok, said(outcome)

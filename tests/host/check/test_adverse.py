"""The quick profile lets the threads of a Python server stall, and gives no other server time."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portable_harness.check import adverse, session
from portable_harness.check.model import Check, Outcome
from portable_harness.check.run import CHECKS, Plan, run
from portable_harness.check.server import StartedServer

SERVER = Path(__file__).parent / "servers" / "selectors_chat.py"
PYTHON = [sys.executable, str(SERVER), "{port}"]
SOCAT = ["socat", "TCP-LISTEN:{port},bind=127.0.0.1,fork,reuseaddr", "EXEC:cat"]
needs_socat = pytest.mark.skipif(shutil.which("socat") is None, reason="absent: socat")


@pytest.mark.parametrize(
    ("command", "protocol", "racing", "more"),
    [
        (PYTHON, "chat", "at-once", ["at-once@stalls"]),
        pytest.param(SOCAT, "echo", "no-mixing", [], marks=needs_socat),
    ],
)
def test_which_rounds_there_are(
    command: list[str], protocol: str, racing: str, more: list[str]
) -> None:
    server = StartedServer(command)
    checks = [check for check in CHECKS[protocol] if check.name == racing]
    kinds = session.adverse_kinds(None, quick=True)
    try:
        found = list(session.each(server, checks, Plan(1, True, 30.0), kinds))
    finally:
        server.stop()
    assert [outcome.check.name for outcome in found] == [racing, *more]
    assert [outcome.check.name for outcome in found if outcome.fails] == []


def test_the_full_profile_has_all() -> None:
    assert session.adverse_kinds(None, quick=False) == adverse.KINDS
    assert session.adverse_kinds("none", quick=False) == ()


def test_all_rounds_share_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    server, begins = StartedServer(PYTHON), list[float | None]()
    checks = [check for check in CHECKS["chat"] if check.name == "at-once"]

    def noted(server: StartedServer, checks: list[Check], plan: Plan) -> Iterator[Outcome]:
        begins.append(plan.begin)
        return iter(())

    monkeypatch.setattr(session, "one_round", noted)
    try:
        list(session.each(server, checks, Plan(1, True, 30.0), ("one-cpu", "throttle")))
    finally:
        server.stop()
    assert len(begins) == 3
    assert len(set(begins)) == 1
    assert begins[0] is not None


def test_a_round_that_begins_behind_the_limit_does_nothing() -> None:
    plan = Plan(1, True, 30.0, time_limit=5.0, begin=time.monotonic() - 6.0)
    found = list(run(StartedServer(PYTHON), CHECKS["chat"][:2], plan))
    assert [outcome.reason for outcome in found] == ["not reached within 5 s"] * 2

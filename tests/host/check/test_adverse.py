"""The quick profile lets the threads of a Python server stall, and gives no other server time."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from harness.check import adverse, session
from harness.check.run import CHECKS, Plan
from harness.check.server import StartedServer

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
    checks = [one for one in CHECKS[protocol] if one.name == racing]
    kinds = session.adverse_kinds(None, quick=True)
    try:
        found = list(session.each(server, checks, Plan(1, True, 30.0), kinds))
    finally:
        server.stop()
    assert [one.check.name for one in found] == [racing, *more]
    assert [one.check.name for one in found if one.fails] == []


def test_the_full_profile_has_all() -> None:
    assert session.adverse_kinds(None, quick=False) == adverse.KINDS
    assert session.adverse_kinds("none", quick=False) == ()

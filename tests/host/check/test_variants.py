"""What the public protocol leaves open is no fault: no required check accuses who does it so."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from portable_harness.check.model import Level, Status
from portable_harness.check.run import CHECKS, Plan, run
from portable_harness.check.server import StartedServer
from tests.host.check.variants import VARIANTS

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.time_limit(300)
@pytest.mark.parametrize("name", VARIANTS)
def test_a_liberty_is_no_fault(name: str) -> None:
    words = [sys.executable, "-m", "tests.host.check.variants", "{port}", name]
    server = StartedServer(words, env={"PYTHONPATH": str(ROOT)})
    checks = [check for check in CHECKS["chat"] if check.level is Level.REQUIRED]
    try:
        found = list(run(server, checks, Plan(seed=1, quick=True, patience=30.0)))
    finally:
        server.stop()
    accused = [(outcome.check.name, outcome.sent, outcome.came, outcome.due) for outcome in found
               if outcome.status is not Status.PASSED]  # fmt: skip
    assert accused == []

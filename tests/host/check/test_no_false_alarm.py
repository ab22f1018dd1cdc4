"""A right server is never accused, however busy the machine: many runs, other seeds each time.

PORTABLE_CHECK_RUNS says how many (the default shows that the test works). 500 take some hours:

    PORTABLE_CHECK_RUNS=500 python -m pytest -n 6 tests/host/check/test_no_false_alarm.py
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from portable_harness.check.model import Status
from portable_harness.check.run import CHECKS, Plan, run
from portable_harness.check.server import StartedServer

ROOT = Path(__file__).resolve().parents[3]
RUNS = int(os.environ.get("PORTABLE_CHECK_RUNS", "1"))
SEED = int(os.environ.get("PORTABLE_CHECK_SEED", "1"))  # of the first run
OURS = (sys.executable, "-m", "portable_server")
RIGHT = {
    "chat": (*OURS, "chat", "--port", "{port}", "--log-level", "error"),
    "echo": (*OURS, "echo", "--model", "thread-subclass", "--port", "{port}"),
}


@pytest.mark.slow
@pytest.mark.time_limit(600)
@pytest.mark.parametrize("seed", range(SEED, SEED + RUNS))
@pytest.mark.parametrize("protocol", sorted(RIGHT))
def test_a_right_server_is_never_accused(
    protocol: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    server = StartedServer(RIGHT[protocol])
    try:
        found = list(run(server, CHECKS[protocol], Plan(seed, quick=True, patience=20.0)))
    finally:
        server.stop()
    accused = [
        (outcome.check.name, outcome.sent, outcome.came, outcome.due, outcome.reason)
        for outcome in found
        if outcome.status is not Status.PASSED
    ]
    assert accused == []

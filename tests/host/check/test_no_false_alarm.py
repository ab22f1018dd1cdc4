"""A right server is never accused, however busy the machine: many runs, other seeds each time.

PORTABLE_CHECK_RUNS says how many (500 take some hours; the default shows that the test works).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from harness.check.model import Status
from harness.check.run import CHECKS, Plan, run
from harness.check.server import StartedServer

ROOT = Path(__file__).resolve().parents[3]
RUNS = int(os.environ.get("PORTABLE_CHECK_RUNS", "2"))
OURS = (sys.executable, "-m", "portable_server")
RIGHT = {
    "chat": (*OURS, "chat", "--port", "{port}", "--log-level", "error"),
    "echo": (*OURS, "echo", "--model", "thread-subclass", "--port", "{port}"),
}


@pytest.mark.parametrize("protocol", sorted(RIGHT))
def test_a_right_server_is_never_accused(protocol: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    accused = []
    for seed in range(1, RUNS + 1):
        server = StartedServer(RIGHT[protocol])
        try:
            plan = Plan(seed=seed, quick=True, patience=60.0)
            found = list(run(server, CHECKS[protocol], plan))
        finally:
            server.stop()
        accused += [(seed, one.check.name, one.came) for one in found
                    if one.status is not Status.PASSED]  # fmt: skip
    assert accused == []

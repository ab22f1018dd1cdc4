"""Right servers in several languages, with words and habits of their own, are never accused.

PORTABLE_CHECK_RUNS says how many runs each gets (default 1), with other seeds each time.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from portable_harness.check.model import Level, Status
from portable_harness.check.run import CHECKS, Plan, run
from portable_harness.check.server import StartedServer
from tests.host.check.right import RIGHT, absent, command

RUNS = int(os.environ.get("PORTABLE_CHECK_RUNS", "1"))


@pytest.mark.slow
@pytest.mark.time_limit(120 + 300 * RUNS)
@pytest.mark.parametrize("name", RIGHT)
def test_a_right_server_is_not_accused(name: str, tmp_path: Path) -> None:
    if missing := absent(name):
        pytest.skip(f"{missing} is absent")
    for seed in range(1, RUNS + 1):
        server = StartedServer(command(name, tmp_path))
        try:
            found = list(run(server, CHECKS["chat"], Plan(seed, quick=True, patience=60.0)))
        finally:
            server.stop()
        accused = [
            (seed, outcome.check.name, outcome.sent, outcome.came, outcome.due)
            for outcome in found
            if outcome.status is Status.FAILED and outcome.check.level is not Level.INFORMATIONAL
        ]
        assert accused == []

"""All servers of one interpreter do the same work, however fast the machine is just then."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from portable_harness.compare import calibration
from portable_harness.compare.sides import our_command
from portable_harness.compare.workloads import BY_NAME

HOST = "127.0.0.1"


def turns(interpreter: str, workload: str = "work-100us-1") -> str | None:
    command = our_command([interpreter], "thread-subclass")(BY_NAME[workload], HOST)
    assert command is not None
    return dict(itertools.pairwise(command)).get("--turns-per-us")


def test_servers_of_one_interpreter_do_the_same_work() -> None:
    first = turns(sys.executable)
    assert first is not None
    assert float(first) > 0
    assert [turns(sys.executable, other) for other in ("work-100us-2", "convoy-10")] == [first] * 2


def test_services_without_work_get_no_calibration() -> None:
    assert turns(sys.executable, "ping-pong-1") is None


def test_an_interpreter_that_vanished_is_the_server_s_to_tell(tmp_path: Path) -> None:
    assert calibration.options((str(tmp_path / "nowhere"),)) == ()
    assert calibration.options(("false",)) == ()

"""A recording goes on until nothing can be on its way any more, to any member."""

from __future__ import annotations

import sys
from pathlib import Path

from portable_harness.chat import history as h
from portable_harness.chat.check import check
from portable_harness.chat.workload import Leave, Script, Send, Step, WaitForList, Workload
from portable_harness.check.server import StartedServer

ROOT = Path(__file__).resolve().parents[3]


def script(name: str, *steps: Step, witness: bool = False) -> Script:
    return Script((Send((name,), named=True), WaitForList(), *steps), witness=witness)


def test_what_is_late_to_one_member_is_not_lost() -> None:
    played = Workload((
        script("witness1", witness=True),
        script("witness2", witness=True),
        script("talker", Send(("hello",))),
        script("visitor", Send(("hello, and good bye",)), Leave(h.CLOSE)),
    ))  # fmt: skip
    words = [sys.executable, "-m", "tests.host.chat.late_to_one", "{port}"]
    server = StartedServer(words, env={"PYTHONPATH": str(ROOT)})
    server.start()
    try:
        outcome = check(server.address, played)
    finally:
        server.stop()
    assert outcome.verdict.faults == []
    left = [event for event in outcome.history.events if "visitor has left" in event.text]
    assert sorted(event.client for event in left) == [0, 1, 2]

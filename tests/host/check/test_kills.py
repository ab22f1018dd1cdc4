"""Each check is shown to fail on a server with the fault that it is there for, and not without."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from portable_harness.check.model import Outcome, Status
from portable_harness.check.run import CHECKS, Plan, run
from portable_harness.check.server import StartedServer
from tests.host.check.faults.list import FOUND_BY, MISTAKES
from tests.host.check.faulty_chat import FAULTS

SERVER = Path(__file__).parent / "faulty_chat.py"
ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 3.0  # seconds: a faulty server is not waited for longer
KILLED_BY = {
    "no-greeting": "greeting",
    "greeting-without-newline": "greeting",
    "echo": "message",
    "no-list": "join",
    "list-with-self": "join",
    "list-forgets": "join",
    "join-told-to-self": "join",
    "join-untold": "join",
    "leave-untold": "leave",
    "leave-untold-after-reset": "leave",
    "leave-twice": "leave",
    "ghost-leave": "ghost",
    "partial-line": "partial-line",
    "recv-is-line": "pieces",
    "one-line-a-recv": "pieces",
    "rest-after-name-lost": "name-and-lines",
    "short-lines": "long-line",
    "short-names": "long-name",
    "bad-names": "bad-name",
    "empty-name": "bad-name",
    "refused-name-told": "bad-name",
    "silent-refusal": "bad-name-line",
    "same-names": "name-in-use",
    "serial": "join",
    "name-before-accept": "silent-clients",
    "reset-stops-delivery": "after-a-reset",
    "reset-ends-server": "after-a-reset",
    "torn": "history",
    "no-order": "total-order",
    "own-order-lost": "history",
    "skips": "after-a-reset",
    "doubled": "history",
    "talk-before-name": "ghost",
    "slow-blocks": "slow-member",
    "never-cut-off": "slow-member",
    "carriage-return": "carriage-return",
    "stripped": "spaces",
    "lower-case": "odd-text",
    "endless-line": "too-long-line",
    "leaks-descriptors": "no-leak",
    "leaks-threads": "no-leak",
    "ignores-sigterm": "stops",
    "wrong-status": "stops",
    "wrong-brackets": "message",
}


def outcomes(fault: str, names: set[str], patience: float) -> Iterator[Outcome]:
    own = ["-m", "tests.host.check.faults"] if fault in FOUND_BY else [str(SERVER)]
    server = StartedServer([sys.executable, *own, "{port}", fault], env={"PYTHONPATH": str(ROOT)})
    checks = [check for check in CHECKS["chat"] if check.name in names]
    assert len(checks) == len(names), "a check was renamed"
    try:
        yield from run(server, checks, Plan(seed=1, quick=True, patience=patience))
    finally:
        server.stop()


ALL = KILLED_BY | FOUND_BY
TOLD = FAULTS | MISTAKES


@pytest.mark.parametrize("fault", sorted(ALL))
def test_fault_is_found(fault: str) -> None:
    (outcome,) = outcomes(fault, {ALL[fault]}, PATIENCE)
    assert outcome.status is Status.FAILED, f"{outcome.check.name} did not see: {TOLD[fault]}"
    assert outcome.sent
    assert outcome.came
    assert outcome.due
    assert outcome.fails


@pytest.mark.slow
@pytest.mark.time_limit(600)
def test_the_server_without_a_fault_passes_every_check() -> None:
    found = list(outcomes("", {check.name for check in CHECKS["chat"]}, 60.0))
    assert [outcome.check.name for outcome in found if outcome.fails] == []


def test_every_fault_has_its_check() -> None:
    assert set(KILLED_BY) == set(FAULTS)
    assert not set(FAULTS) & set(MISTAKES), "one name, one fault"


def test_the_page_lists_what_is_found() -> None:
    page = (ROOT / "docs" / "check.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]*) \| `([\w-]+)` \| `([\w-]+)` \|$", page, re.MULTILINE)
    assert {fault: found for _, fault, found in rows} == ALL
    assert {fault: text for text, fault, _ in rows} == TOLD

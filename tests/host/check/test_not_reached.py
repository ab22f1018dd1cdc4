"""What was not reached is never kept: in the exit status, in the JSON, in JUnit's XML."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from portable_harness.check import report
from portable_harness.check.model import Level, Outcome, Status
from portable_harness.check.run import CHECKS, Plan, not_reached
from portable_harness.check.session import complete
from tests.host.check.test_check_command import FAULTY, ROOT, check
from tests.host.check.test_schema import errors

REQUIRED = [check for check in CHECKS["chat"] if check.level is Level.REQUIRED]


def outcomes(*statuses: Status) -> list[Outcome]:
    return [Outcome(REQUIRED[n], status, 0.0, 1) for n, status in enumerate(statuses)]


@pytest.mark.parametrize(
    ("statuses", "status", "kept"),
    [
        ((Status.PASSED, Status.NOT_APPLICABLE), 0, True),
        ((Status.PASSED, Status.NOT_REACHED), 2, None),
        ((Status.FAILED, Status.NOT_REACHED), 1, False),
        ((Status.NOT_APPLICABLE,), 2, None),
        ((), 2, None),
    ],
)
def test_the_status_and_what_is_kept(
    statuses: tuple[Status, ...], status: int, kept: bool | None
) -> None:
    found = outcomes(*statuses)
    document = report.as_json(found, {})
    assert report.status_of(found) == status
    assert document["passed"] is (status == 0)
    assert document["kept"] == {"required": kept, "strong": None, "informational": None}


def test_the_summary_counts_a_check_once() -> None:
    found = outcomes(Status.PASSED, Status.PASSED)
    found.append(not_reached(REQUIRED[2], 1, "no time"))
    found += outcomes(Status.FAILED)  # the first one again, as under adverse scheduling
    assert report.summary(found) == "kept: required 1 of 3; not reached: 1"


def test_an_interrupted_run_has_the_others_as_not_reached() -> None:
    found = complete(outcomes(Status.PASSED), REQUIRED[:2], Plan(1, True, 20.0), "interrupted")
    assert [outcome.status for outcome in found] == [Status.PASSED, Status.NOT_REACHED]
    assert found[1].reason == "interrupted"


def result(*words: str, junit: Path) -> tuple[int, dict[str, Any], ElementTree.Element]:
    done = check("chat", "--json", "--junit", str(junit), *words)
    found = json.loads(done.stdout)
    assert errors(found) == []
    return done.returncode, found, ElementTree.parse(junit).getroot()[0]


def test_a_time_limit_that_ends_within_a_check(tmp_path: Path) -> None:
    """No greeting ever comes: the limit is over before an answer had all its time."""
    words = ("--only", "greeting,join", "--time-limit", "1", "--", *FAULTY, "no-greeting")
    status, found, suite = result(*words, junit=tmp_path / "check.xml")
    assert status == 2
    assert not found["passed"]
    assert found["kept"]["required"] is None
    assert {row["status"] for row in found["checks"]} == {"not reached"}
    assert (suite.get("tests"), suite.get("skipped")) == ("2", "2")


def test_a_server_that_does_not_start(tmp_path: Path) -> None:
    words = ("--only", "greeting", "--", sys.executable, "-c", "raise SystemExit(3)", "{port}")
    status, found, suite = result(*words, junit=tmp_path / "check.xml")
    assert status == 2
    assert "ended with status 3" in found["problem"]
    assert found["kept"]["required"] is None
    assert (suite.get("tests"), suite.get("skipped")) == ("1", "1")


def test_an_interrupted_run_writes_what_it_has(tmp_path: Path) -> None:
    file = tmp_path / "found.json"
    server = "import os, signal; os.kill(os.getppid(), signal.SIGINT); signal.pause()"
    words = ["check", "chat", "--only", "greeting", "--json", str(file)]
    command = [sys.executable, "-m", "portable_harness", *words, "--", sys.executable, "-c", server]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    found = json.loads(file.read_text())
    assert done.returncode == 130, done.stderr
    assert (found["passed"], found["problem"]) == (False, "interrupted")
    assert [row["status"] for row in found["checks"]] == ["not reached"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--only", ","), "empty value"),
        (("--only", "spaces", "--level", "required"), "no check is selected"),
    ],
)
def test_an_empty_selection_is_bad_usage(words: tuple[str, ...], message: str) -> None:
    done = check("chat", *words, "--", *FAULTY)
    assert done.returncode == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_what_cannot_be_written_is_told_before_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = check("chat", "--output-dir", str(tmp_path / "file" / "folder"), "--", *FAULTY)
    assert done.returncode == 2
    assert "cannot write" in done.stderr
    assert "greeting" not in done.stdout

"""From an interpreter to its column, whatever goes wrong on the way."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from portable_harness.base import cache
from portable_harness.base.tasks import run_all
from portable_harness.interpreters import Interpreter
from portable_harness.matrix import provide
from portable_harness.matrix.guest_run import Plan
from portable_harness.matrix.guests import Guest
from portable_harness.matrix.outcomes import Outcome
from portable_harness.matrix.progress import Reporter, reporter

from .conftest import Suite


def test_a_fault_of_the_controller_stops_no_other_interpreter(
    suite: Suite,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(interpreter: Interpreter, progress: Reporter, _: tuple[str, ...]) -> Guest:
        if interpreter.name == "broken":
            raise ZeroDivisionError("our own fault")
        return Guest("good", (sys.executable,), {})

    monkeypatch.setattr(provide, "guest_for", fail)
    plan = Plan(suite(a="def test_good(): pass\n"), tmp_path / "runs", ["tests"])
    console = Console(file=io.StringIO())
    both = [_interpreter("broken"), _interpreter("good")]
    with reporter(console, ["broken", "good"]) as progress:
        columns, _ = run_all([provide.task(guest, plan, progress) for guest in both], 2)
    assert "our own fault" in columns[0].trouble[0]
    assert [cell.outcome for cell in columns[1].cells.values()] == [Outcome.PASS]
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_the_folder_of_a_run_under_way_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many runs of processes that have ended, and the oldest of one that has not."""
    monkeypatch.setattr(cache, "directory", lambda name: tmp_path)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(60)
    under_way = tmp_path / f"20200101-000000-{os.getppid()}"
    under_way.mkdir()
    for number in range(2 * provide.RUNS_KEPT):
        (tmp_path / f"20210101-00000{number}-{ended.pid}").mkdir()
    new = provide.new_run()
    left = sorted(tmp_path.iterdir())
    assert len(left) == provide.RUNS_KEPT + 1
    assert left[0] == under_way
    assert left[-1] == new


def _interpreter(name: str) -> Interpreter:
    path = Path(sys.executable)
    return Interpreter(
        name=name, command=(sys.executable,), path=path, implementation="CPython",
        version=(3, 11, 7), klass="G10", free_threaded_build=False, gil_enabled=True, java=None,
        source="test",
    )  # fmt: skip

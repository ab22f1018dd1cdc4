"""From an interpreter to its column, whatever goes wrong on the way."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from rich.console import Console

from harness.interpreters import Interpreter
from harness.matrix import provide
from harness.matrix.guest_run import Plan
from harness.matrix.guests import Guest
from harness.matrix.outcomes import Outcome
from harness.matrix.progress import Reporter, reporter
from harness.matrix.run import run_all

from .conftest import Suite


def test_a_fault_of_the_controller_stops_no_other_interpreter(
    suite: Suite,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(interpreter: Interpreter, progress: Reporter) -> Guest:
        if interpreter.name == "broken":
            raise ZeroDivisionError("our own fault")
        return Guest("good", (sys.executable,), {})

    monkeypatch.setattr(provide, "guest_for", fail)
    plan = Plan(suite(a="def test_good(): pass\n"), tmp_path / "runs", ["tests"])
    console = Console(file=io.StringIO())
    both = [_interpreter("broken"), _interpreter("good")]
    with reporter(console, ["broken", "good"]) as progress:
        columns, _ = run_all([provide.task(one, plan, progress) for one in both], 2)
    assert "our own fault" in columns[0].trouble[0]
    assert [cell.outcome for cell in columns[1].cells.values()] == [Outcome.PASS]
    assert "ZeroDivisionError" in capsys.readouterr().err


def _interpreter(name: str) -> Interpreter:
    path = Path(sys.executable)
    return Interpreter(
        name=name, command=(sys.executable,), path=path, implementation="CPython",
        version=(3, 11, 7), klass="G10", free_threaded_build=False, gil_enabled=True, java=None,
        source="test",
    )  # fmt: skip

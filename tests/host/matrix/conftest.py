"""Tiny suites and guests for the tests of the matrix."""

from __future__ import annotations

import sys
import textwrap
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from portable_harness.matrix.guest_run import Plan, Update, run_guest
from portable_harness.matrix.guests import Guest
from portable_harness.matrix.outcomes import Column
from portable_harness.matrix.process import Limits

Suite = Callable[..., Path]
RunOne = Callable[..., Column]


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    """Make a project whose tests/test_NAME.py have the given texts."""

    def make(**files: str) -> Path:
        project = tmp_path / "project"
        (project / "tests").mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            path = project / "tests" / f"test_{name}.py"
            path.write_text(textwrap.dedent(text), encoding="utf-8")
        return project

    return make


@pytest.fixture
def here() -> Guest:
    """This very Python, which has a pytest, as a guest."""
    return Guest("here", (sys.executable,), {})


@pytest.fixture
def run_one(tmp_path: Path, here: Guest) -> RunOne:
    """Run a project's tests on one guest; ``step`` and ``limit`` are its time limits."""

    def run(
        project: Path,
        step: float = 60.0,
        limit: float = 120.0,
        keep_going: bool = True,
        stop: threading.Event | None = None,
        variables: Mapping[str, str] | None = None,
        update: Update = lambda name, transcript: None,
    ) -> Column:
        limits = Limits(limit, step)
        plan = Plan(project, tmp_path / "runs", ["tests"], limits, keep_going)
        guest = Guest(here.name, here.argv, variables or {})
        return run_guest(guest, plan, stop or threading.Event(), update)

    return run

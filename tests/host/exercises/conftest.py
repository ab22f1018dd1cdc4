"""Running a file as the answer to an exercise, on this Python."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness.exercise import catalogue
from harness.exercise.model import Result
from harness.exercise.suite import Job
from harness.exercise.worker import Worker

Grade = Callable[..., dict[str, Result]]


@pytest.fixture
def grade(tmp_path: Path) -> Grade:
    """A function of a program's text that gives the results of exercise 1 by name of the check."""

    def run(text: str, limit: float = 120.0, **more: Any) -> dict[str, Result]:
        file = tmp_path / "server.py"
        file.write_text(textwrap.dedent(text), encoding="utf-8")
        settings: dict[str, Any] = {"patience": 3.0, "start_limit": 10.0, **more}
        exercise = settings.pop("exercise", catalogue.find("1"))
        job = Job(exercise, file, "this", [sys.executable], **settings)
        return {result.check: result for result in Worker(job, limit).results()}

    return run


@pytest.fixture
def solution() -> str:
    """The right answer to exercise 1."""
    return catalogue.find("1").solution.read_text(encoding="utf-8")

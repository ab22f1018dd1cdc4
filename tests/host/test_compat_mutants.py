"""The tests of `compat.threads` notice every class that breaks one of its promises."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.host.house import TREE

pytestmark = pytest.mark.slow
FILES = [
    "test_locks.py test_rlocks.py", "test_conditions.py test_condition_locks.py test_wait_for.py",
    "test_events.py", "test_semaphores.py", "test_barriers.py", "test_timers.py", "test_queues.py",
]  # fmt: skip
PYTEST = [
    sys.executable, "-m", "pytest", "--noconftest", "-o", "addopts=", "-p", "no:cacheprovider",
    "-p", "tests.compat.mutants.plugin",
    "-p", "no:portable_server.pytest_plugin",  # whose watch changes classes
]  # fmt: skip


@pytest.fixture(scope="module")
def running() -> Iterator[dict[str, subprocess.Popen[str]]]:
    """One process for each class, all at once: most of their time they wait."""
    processes = {
        files: subprocess.Popen(
            [*PYTEST, *(f"tests/compat/{file}" for file in files.split())],
            cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        for files in FILES
    }  # fmt: skip
    yield processes
    for process in processes.values():
        process.kill()
        process.communicate()


@pytest.mark.parametrize("files", FILES)
def test_every_mutant_is_noticed(files: str, running: dict[str, subprocess.Popen[str]]) -> None:
    output, _ = running[files].communicate(timeout=200)
    lines = output.splitlines()
    assert [line for line in lines if line.startswith("survived")] == []
    assert running[files].returncode == 0, output
    assert sum(line.startswith("killed") for line in lines) >= 10

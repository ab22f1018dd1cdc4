"""What the controller on another host does: it finds each job by name, without our libraries."""

from __future__ import annotations

import subprocess
import sys

import pytest

from portable_harness.base.tree import TREE
from portable_harness.remote.jobs import JOBS

# execnet is the controller's line on this side; the archives that a host gets do not have it.
FIND = """
import sys
sys.modules["execnet"] = None
from portable_harness.remote.jobs import function_of
print(callable(function_of(sys.argv[1])))
"""


@pytest.mark.parametrize("kind", JOBS)
def test_each_job_is_found_without_execnet(kind: str) -> None:
    command = [sys.executable, "-c", FIND, kind]
    done = subprocess.run(command, cwd=TREE, capture_output=True, text=True, timeout=120)
    assert (done.stdout, done.returncode) == ("True\n", 0), done.stderr

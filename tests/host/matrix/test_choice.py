"""Which tests a run has: those of an interpreter, all, or the ones that were named."""

from __future__ import annotations

from pathlib import Path

import pytest

from portable_harness.base.errors import Problem
from portable_harness.base.tree import TREE
from portable_harness.matrix.choice import selection


def test_our_own_tools_are_left_out_by_default() -> None:
    assert selection(TREE, []) == ["tests", "--ignore=tests/host", "--ignore=tests/tools"]
    assert selection(TREE, [], everything=True) == ["tests", "--ignore=tests/host"]
    assert selection(TREE, ["echo"])[-2:] == ["-k", "(echo)"]


def test_what_is_named_is_run() -> None:
    named = "tests/tools/test_controls.py"
    assert selection(TREE, [named]) == [named, "--ignore=tests/host"]


def test_folders_of_other_projects_have_no_meaning(tmp_path: Path) -> None:
    """Theirs may be called tests/host or tests/tools, too."""
    (tmp_path / "tests").mkdir()
    assert selection(tmp_path, []) == ["tests"]
    assert selection(tmp_path / "tests", []) == ["."]
    with pytest.raises(Problem, match="--all is for the tests of portable-server itself"):
        selection(tmp_path, [], everything=True)

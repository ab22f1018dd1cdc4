"""`matrix --project`: the tests of somebody else's project."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.network, pytest.mark.time_limit(600)]

TEST = """
import mine, six
def test_mine():
    assert mine.VALUE == 1 and six.PY2 in (True, False)
"""


def test_a_src_layout_and_a_package_that_the_tests_need(index: None, tmp_path: Path) -> None:
    for name, text in (("src/mine.py", "VALUE = 1\n"), ("tests/test_mine.py", TEST)):
        path = tmp_path / name
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    (tmp_path / "needs.txt").write_text("six>=1.11\n", encoding="utf-8")
    command = [sys.executable, "-m", "portable_harness", "matrix", "--project", str(tmp_path)]
    command += ["-r", str(tmp_path / "needs.txt"), "--with", "toml", "--json", "-"]
    command += ["--interpreters", f"2.7,{sys.executable}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stderr
    [test] = json.loads(done.stdout)["tests"]
    assert [cell["outcome"] for cell in test["cells"].values()] == ["pass", "pass"]

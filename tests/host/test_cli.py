"""The command line as a whole: what is wrong in it is said in one line, whatever found it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from portable_harness.base.options import COMMAND_VARIABLE


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "No such command 'nonsense' (see portable-server --help)"),
        (["--nonsense"], "No such option '--nonsense' (see portable-server --help)"),
        (["matrix", "--jobs", "0"], "(see portable-server matrix --help)"),
        (["interpreters", "install"], "(see portable-server interpreters install --help)"),
        (["compare", "--workloads", ""], "--workloads has an empty value (leave it out for all)"),
        (["check", "echo", "--only=,"], "--only has an empty value (leave it out for all)"),
        (
            ["exercise", "verify", "1", "--only", "nope"],
            "no file, mutant or interpreter has 'nope'",
        ),
        (["exercise", "gradescope-zip", "1", "1.zip", "--points", "inf"], "not a finite number"),
        (["chat-client", "nowhere"], "'nowhere' is not HOST:PORT (like 127.0.0.1:7000)"),
    ],
)
def test_wrong_usage_is_one_line_with_the_remedy_and_2(
    arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(COMMAND_VARIABLE, "portable-server")
    command = [sys.executable, "-m", "portable_harness", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [["compare", "--input"], ["compare", "--resume"], ["check", "--replay"]],
    ids=" ".join,
)
def test_a_file_that_is_nested_too_deeply_is_one_line(arguments: list[str], tmp_path: Path) -> None:
    deep = tmp_path / "deep.json"
    deep.write_text("[" * 100_000 + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "portable_harness", *arguments, str(deep)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert done.returncode == 2
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1


def test_a_cache_that_cannot_be_written_is_one_line_with_the_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "tests").mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    command = [sys.executable, "-m", "portable_harness", "matrix", "--project", str(tmp_path)]
    command += ["--interpreters", sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200)
    assert done.returncode == 2
    assert done.stderr.startswith(f"Error: cannot write {tmp_path / 'file'}")
    assert done.stderr.endswith("(set XDG_CACHE_HOME to a folder that can be written)\n")
    assert done.stderr.count("\n") == 1

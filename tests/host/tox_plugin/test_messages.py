"""What is said where something cannot be had."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from portable_harness.base.options import command_name
from portable_harness.guest.fetch import last_error

FAILED_SETUP = """
  error: subprocess-exited-with-error
  × Getting requirements to build wheel did not run successfully.
  │ exit code: 1
  ╰─> [18 lines of output]
      Traceback (most recent call last):
      RuntimeError: this package is for Python 2.7
      [end of output]
  note: This error originates from a subprocess, and is likely not a problem with pip.
ERROR: Failed to build 'functools32' when getting requirements to build wheel
"""


@pytest.mark.parametrize(
    ("output", "says"),
    [
        (FAILED_SETUP, "RuntimeError: this package is for Python 2.7"),
        ("ERROR: No matching distribution found for x\nhint: See above for details.", "No match"),
        ("something else\n", "something else"),
        ("", "pip gave no reason"),
    ],
)
def test_of_pips_words_the_cause_is_shown(output: str, says: str) -> None:
    assert last_error(output).startswith(says)


def test_a_program_that_no_path_leads_to_is_named_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PORTABLE_COMMAND", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    assert command_name() == "portable-server"
    (tmp_path / "portable-server").touch(mode=0o755)
    assert command_name() == str(tmp_path / "portable-server")

"""The command line as a whole: what is wrong in it is said in one line, whatever found it."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nonsense"], "No such command 'nonsense' (see portable-server --help)"),
        (["--nonsense"], "No such option '--nonsense' (see portable-server --help)"),
        (["matrix", "--jobs", "0"], "(see portable-server matrix --help)"),
        (["interpreters", "install"], "(see portable-server interpreters install --help)"),
        (["chat-client", "nowhere"], "'nowhere' is not HOST:PORT (like 127.0.0.1:7000)"),
    ],
)
def test_wrong_usage_is_one_line_with_the_remedy_and_2(
    arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PORTABLE_COMMAND", raising=False)
    command = [sys.executable, "-m", "portable_harness", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: ")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr

"""`portable-server test`: which tests it runs."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from portable_harness.matrix import selftest


@pytest.mark.parametrize(
    ("arguments", "without_slow"), [(["host"], True), (["host", "--all"], False)]
)
def test_the_slow_ones_are_run_when_asked_for(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], without_slow: bool
) -> None:
    commands: list[list[str]] = []

    def record(command: list[str]) -> int:
        commands.append(command)
        return 0

    monkeypatch.setattr(selftest, "run", record)
    done = CliRunner().invoke(selftest.selftest, arguments)
    assert (done.exit_code, len(commands)) == (0, 1)
    assert ("not slow" in commands[0]) is without_slow
    assert "tests/host" in commands[0]

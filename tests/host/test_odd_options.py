"""Odd command lines: each ends within seconds, with a status of ours and without a traceback."""

from __future__ import annotations

from tests.host.odd_options import faults


def test_an_odd_command_line_of_each_command_ends_as_it_should() -> None:
    """A sample; CONTRIBUTING.md has the command for hundreds."""
    assert list(faults(count=34, seed=20261201)) == []

"""Timing of starts: the arithmetic, the order, and the command on the real Jython."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from portable_harness.commands.jython import benchmark_jython_start
from portable_harness.interpreters import Interpreter
from portable_harness.jython.measure import Comparison, Start, StartFailedError, compare, timed


def comparison(*pairs: tuple[float, float]) -> Comparison:
    """Of stock and fast seconds."""
    return Comparison([Start(s, s) for s, _ in pairs], [Start(f, f) for _, f in pairs])


def test_the_ratio_is_the_median_of_the_rounds() -> None:
    figures = comparison((2.0, 1.0), (4.0, 1.0), (10.0, 4.0)).as_json()
    assert figures["ratio"]["wall"]["median"] == pytest.approx(0.4)
    assert figures["stock"]["wall"]["median"] == pytest.approx(4.0)
    assert figures["rounds"] == 3


def test_rounds_that_differ_too_much_decide_nothing() -> None:
    assert comparison((2.0, 1.0), (2.0, 1.1), (2.0, 0.9)).conclusive
    assert not comparison((2.0, 0.2), (2.0, 1.0), (2.0, 2.0), (2.0, 4.0)).conclusive


def test_the_sides_take_turns_and_the_first_round_is_not_counted(tmp_path: Path) -> None:
    note = tmp_path / "note"

    def side(word: str) -> list[str]:
        return ["/bin/sh", "-c", f"echo {word} >> {note}"]

    result = compare(side("stock"), side("fast"), [], rounds=2)
    assert note.read_text().split() == ["stock", "fast"] * 3
    assert (len(result.stock), len(result.fast)) == (2, 2)


def test_processor_time_is_that_of_the_process() -> None:
    idle = timed(["sleep", "0.3"])
    busy = timed(["/bin/sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done"])
    assert idle.wall >= 0.3
    assert idle.cpu < 0.2
    assert busy.cpu > idle.cpu


def test_a_failed_start_is_an_error() -> None:
    with pytest.raises(StartFailedError):
        timed(["/bin/false"])


@pytest.mark.time_limit(300)
def test_the_command_measures_the_real_one(jython: Interpreter) -> None:
    result = CliRunner().invoke(benchmark_jython_start, ["--rounds", "2", "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)
    assert figures["rounds"] == 2
    assert figures["interpreter"]["name"] == "jython"
    assert 0 < figures["ratio"]["cpu"]["median"] < 1, "the fast start takes less work, on any day"


@pytest.mark.parametrize(
    "arguments",
    [["--rounds", "0"], ["--rounds", "x"], ["--interpreter", "foo"], ["--interpreter", "3.99"]],
)
def test_bad_input_is_one_line_and_status_2(jython: Interpreter, arguments: list[str]) -> None:
    result = CliRunner().invoke(benchmark_jython_start, arguments)
    assert result.exit_code == 2
    assert "Error:" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.time_limit(300)
def test_code_that_fails_is_one_line(jython: Interpreter) -> None:
    arguments = ["--rounds", "1", "--code", "raise SystemExit(3)"]
    result = CliRunner().invoke(benchmark_jython_start, arguments)
    assert result.exit_code == 2
    assert "a start failed" in result.stderr

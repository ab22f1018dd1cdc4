"""What pyperf reads of results, by its own commands."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyperf
import pytest

from portable_harness.base.tree import TREE
from portable_harness.compare import pyperf_file, records
from portable_harness.compare.summarise import summarise
from tests.host.compare.made import ALL, results

COMPARE = [sys.executable, "-m", "portable_harness", "compare"]


def pyperf_says(*arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pyperf", *map(str, arguments)],
        capture_output=True, text=True, timeout=50, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_pyperf_reads_all_sides_and_compares_two(tmp_path: Path) -> None:
    made = summarise(records.parse(results(0.5, chosen=ALL, cpu="a cpu")))
    written = pyperf_file.write(tmp_path / "run.json", made)
    assert [path.name for path in written] == ["run.json", "run-one.json", "run-two.json"]
    said = pyperf_says("stats", tmp_path / "run.json")
    assert "ping-pong-10 [one]" in said
    assert "ping-pong-10 [two]" in said
    files = [tmp_path / "run-one.json", tmp_path / "run-two.json"]
    compared = pyperf_says("compare_to", "--table", *files)
    for name in ("ping-pong-10 ", "start", "idle-1000 ", "rate-2000-10 ", "churn-8 CPU"):
        (line,) = [line for line in compared.splitlines() if line.startswith(f"| {name}")][:1]
        assert "x slower" in line
        assert 1.8 < float(line.split(":")[1].split("x")[0]) < 2.2


def test_values_are_those_of_the_rounds(tmp_path: Path) -> None:
    run = records.parse(results(chosen=ALL))
    pyperf_file.write(tmp_path / "run.json", summarise(run))
    suite = pyperf.BenchmarkSuite.load(str(tmp_path / "run-one.json"))
    rates = [record["rate"] for record in run.rounds("ping-pong-10", "one").values()]
    assert suite.get_benchmark("ping-pong-10").get_values() == tuple(1 / rate for rate in rates)
    memory = [record["memory_per_connection"] for record in run.rounds("idle-1000", "one").values()]
    benchmark = suite.get_benchmark("idle-1000")
    assert (benchmark.get_unit(), benchmark.get_values()) == ("byte", tuple(memory))
    assert len(suite.get_benchmark("start").get_values()) == 5


def test_failures_and_odd_names_are_left_out_or_made_plain(tmp_path: Path) -> None:
    text = results(names=("one", "../two\x1b"))
    lines = [line for line in text.splitlines() if '"side": "one"' not in line]
    lines.append('{"kind": "measurement", "workload": "ping-pong-1", "side": "one", "round": 0,'
                 ' "error": "it died"}')  # fmt: skip
    written = pyperf_file.write(
        tmp_path / "run.json", summarise(records.parse("\n".join(lines) + "\n"))
    )
    assert [path.name for path in written] == ["run.json", "run-..-two-.json"]
    assert "[../two?]" in pyperf_says("stats", written[0])


@pytest.mark.parametrize("place", ["/nonexistent/run.json", "/proc/run.json"])
def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path, place: str) -> None:
    saved = tmp_path / "run.jsonl"
    saved.write_text(results(), encoding="utf-8")
    done = subprocess.run(
        [*COMPARE, "--input", str(saved), "--pyperf", place],
        cwd=TREE, capture_output=True, text=True, timeout=50, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert f"cannot write {place}" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_command_writes_it(tmp_path: Path) -> None:
    saved, made = tmp_path / "run.jsonl", tmp_path / "perf.json"
    saved.write_text(results(), encoding="utf-8")
    done = subprocess.run(
        [*COMPARE, "--input", str(saved), "--pyperf", str(made)],
        cwd=TREE, capture_output=True, text=True, timeout=50, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "ping-pong-1000 [two]" in pyperf_says("stats", made)

"""The chat benchmark's own arithmetic, and one short run of the real thing."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
from click.testing import CliRunner

from portable_harness.base.servers import ServerProcess
from portable_harness.base.tree import TREE
from portable_harness.benchmarks.chat import measure, shapes, soak, tables
from portable_harness.benchmarks.chat.candidates import Candidate, choose
from portable_harness.benchmarks.chat.command import benchmark
from portable_harness.benchmarks.chat.session import Session
from portable_harness.compare.statistics import ratio, spread
from portable_harness.load.build import compiler

needs_compiler = pytest.mark.skipif(compiler() is None, reason="absent: no C compiler")
SMALL = shapes.Shape("saturate-10", "small", 5, "saturate", 4, warmup=0.1)


def report(server: str, number: int, rate: float, shape: str = "saturate-100") -> dict[str, Any]:
    return {
        "server": server, "shape": shape, "round": number, "deliveries_per_second": rate,
        "p50": 0.001, "p99": 0.002, "longest_gap": 0.01, "cpu_us_per_line_told": 0.5,
        "joins_per_second": 0.0,
    }  # fmt: skip


def test_spread_and_ratio() -> None:
    assert spread([3, 1, 2]) == (2, 1, 3)
    paired = ratio([10, 200, 30], [5, 100, 15])  # the machine changed; the ratio did not
    assert paired == pytest.approx((2, 2, 2), rel=1e-4)
    middle, low, high = ratio([1, 2, 3, 4, 5], [1, 1, 1, 1, 1])
    assert low < middle < high


def test_near_the_ceiling_is_marked() -> None:
    measured = [report("epoll-c", n, 100.0) for n in range(3)]
    measured += [report("fast", n, 71.0) for n in range(3)]
    measured += [report("slow", n, 69.0) for n in range(3)]
    remarks = {row.server: row.cells[-1] for row in tables.rows("saturate-100", measured)}
    assert remarks == {"epoll-c": "", "fast": "generator-bound", "slow": ""}


def test_a_failure_is_shown_and_not_counted() -> None:
    failed = {"server": "x", "shape": "saturate-100", "round": 1, "error": "a torn delivery"}
    rows = tables.rows("saturate-100", [report("x", 0, 5.0), failed])
    assert rows[0].rate == (5, 5, 5)
    assert "failed 1x: a torn delivery" in rows[0].cells[-1]
    assert tables.rows("saturate-100", [failed])[0].rate is None


def test_too_slow_for_the_load_is_marked() -> None:
    offered = 300 * 99
    measured = [report("x", 0, offered * 0.9, "rate-100"), report("y", 0, offered, "rate-100")]
    assert [r.cells[-1] for r in tables.rows("rate-100", measured)] == ["overloaded", ""]


def sample(time: float, threads: int = 10, mib: float = 50.0) -> soak.Sample:
    return soak.Sample(time, threads, 20, mib)


def test_growth_is_seen_and_noise_is_not() -> None:
    assert soak.growth([sample(t, 10 + t % 3) for t in range(40)]) == []
    assert soak.growth([sample(t, 10 + t) for t in range(40)]) == ["threads from 24.5 to 44.5"]
    assert soak.growth([sample(t, mib=50.0 + t) for t in range(40)])[0].startswith("resident_mib")
    assert soak.leftovers(sample(0), sample(1, threads=40)) == [
        "threads left over: 10 before, 40 after"
    ]


@needs_compiler
def test_the_generator_measures_the_yardstick() -> None:
    (yardstick,) = choose(["epoll-c"])
    assert isinstance(yardstick, Candidate)
    with ServerProcess(yardstick.command) as server:
        found = measure.measure(server.address, server.pid, SMALL, 0.1, 0.3)
    assert found["deliveries"] > 100
    assert 0 < found["p50"] <= found["p99"] <= found["worst"]


LIAR = """
import asyncio, itertools
from portable_harness.peers import asyncio_protocol_chat, room
number, honest = itertools.count(), room.message
def message(name, text):
    line = honest(name, text)
    return {lie} if next(number) == 50 else line
room.message = message
asyncio.run(asyncio_protocol_chat.main())
"""
LIES = {
    "torn": "line.replace(b'xxx', b'xyx', 1)",
    "cut": "line[:-2] + line[-1:]",
    "lost": "b''",
    "twice": "line * 2",
}


@needs_compiler
@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_the_generator_catches_a_server_that_lies(lie: str, tmp_path: Path) -> None:
    """The asyncio peer, with one wrong line among many."""
    program = tmp_path / "liar.py"
    program.write_text(LIAR.replace("{lie}", lie))
    command = [sys.executable, str(program)]
    with (
        ServerProcess(command, env={**os.environ, "PYTHONPATH": str(TREE)}) as server,
        pytest.raises(measure.MeasurementError, match="delivery"),
    ):
        measure.measure(server.address, server.pid, SMALL, 0.2, 0.3)


@needs_compiler
def test_results_are_saved_as_they_come(tmp_path: Path) -> None:
    dies = Candidate("dies", ("false",))
    with (tmp_path / "out.jsonl").open("w") as stream:
        session = Session([dies], [SMALL], rounds=2, seconds=0.1, stream=stream)
        session.run(lambda text: None)
    saved = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [s["round"] for s in saved] == [0, 1]
    assert all("did not start" in s["error"] for s in saved)


@needs_compiler
@pytest.mark.parametrize(
    "how", [signal.SIGINT, signal.SIGTERM], ids=lambda how: signal.Signals(how).name
)
def test_an_interrupt_keeps_what_was_measured_and_leaves_nothing(
    how: signal.Signals, tmp_path: Path
) -> None:
    saved = tmp_path / "out.jsonl"
    command = [sys.executable, "-m", "portable_harness.benchmarks.chat", "--servers", "epoll-c"]
    command += ["--rounds", "99", "--shapes", "saturate-10", "--seconds", "0.1"]
    command += ["--save", str(saved)]
    running = psutil.Popen([*command, "--json"], cwd=TREE, stdout=-1, stderr=-1, text=True)
    deadline = time.monotonic() + 60
    while not (saved.exists() and saved.read_text().endswith("\n")):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    children = running.children(recursive=True)
    running.send_signal(how)
    out, _ = running.communicate(timeout=30)
    assert running.returncode == 130
    assert len(json.loads(out)) == len(saved.read_text().splitlines()) >= 1
    gone, alive = psutil.wait_procs(children, timeout=10)
    assert gone
    assert not alive


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--servers", "nonsense"], "'nonsense'"),
        (["--shapes", "nonsense", "--servers", "py313"], "no shape is called 'nonsense'"),
        (["--quick", "--shapes", "nonsense", "--servers", "py313"], "called 'nonsense'"),
        (["--shapes", "", "--servers", "py313"], "no shape is named"),
        (["--servers", "py313:nonsense"], "no design is called 'nonsense'"),
        (["--members", "many"], "numbers with commas"),
        (["--members", "-5"], "positive numbers"),
        (["--members", ""], "positive numbers"),
        (["--seconds", "nan"], "not a number of seconds"),
        (["--seconds", "0"], "not in the range"),
        (["--soak", "-1"], "not in the range"),
        (["--save", "/nowhere/results.jsonl"], "cannot write /nowhere/results.jsonl"),
        (["--input", __file__], "holds no results"),
        (["--input", "/"], "is a directory"),
    ],
)
def test_bad_usage_is_one_line(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(benchmark, arguments)
    assert result.exit_code == 2
    assert said in result.output

"""The table of figures: it fits what can be measured, and reads results as they are."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from click.testing import CliRunner

from portable_harness.base.errors import INTERRUPTED, Problem
from portable_harness.base.tree import TREE
from portable_harness.benchmarks import measuring, table
from portable_harness.benchmarks.command import figures
from portable_harness.benchmarks.reading import Reading, read
from portable_harness.compare import records, workloads
from portable_harness.peers import registry

RUN = table.Comparison("small", "3.13", ("ping-pong-10", "convoy-10", "idle-1000"), ("epoll-c",))


def figure(target: float | None = 1.0, at_most: bool = False, **more: Any) -> table.Figure:
    return table.Figure(RUN, "small", "ping-pong-10", target, at_most=at_most, **more)


def lines(rates: dict[str, list[float]]) -> str:
    """Results of these sides, ours first, in one workload."""
    found: list[dict[str, Any]] = [{
        "kind": "environment", "format": records.FORMAT,
        "sides": [{"name": side} for side in rates], "workloads": [{"name": "ping-pong-10"}],
    }]  # fmt: skip
    for side, values in rates.items():
        for number, rate in enumerate(values):
            measured = {"workload": "ping-pong-10", "side": side, "round": number, "rate": rate}
            server = {"cpu_per_request": 1 / rate}
            found.append({"kind": "measurement", "error": None, "server": server, **measured})
    found.append({"kind": "end", "status": "complete"})
    return "".join(json.dumps(record) + "\n" for record in found)


def reading(figure: table.Figure, **rates: list[float]) -> Reading:
    named = {name.replace("_", "-"): values for name, values in rates.items()}
    (found,) = read(records.parse(lines(named)), [figure])
    return found


def test_every_figure_names_what_can_be_measured() -> None:
    for figure in table.FIGURES:
        workload = workloads.BY_NAME.get(figure.workload)
        if figure.comparison.starts:
            continue
        assert workload is not None, figure.name
        assert figure.workload in figure.comparison.workloads
        assert not figure.base or figure.base in figure.comparison.workloads
        if figure.peer and figure.peer in figure.comparison.peers:
            service = {"work": "echo"}.get(workload.service, workload.service)
            assert registry.choose(service, [figure.peer])
        else:
            assert not figure.peer or "--switch-interval" in figure.comparison.more
    names = [(figure.name, figure.metric) for figure in table.FIGURES]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("target", "at_most", "verdict"),
    [
        (1.5, False, "reached"),
        (2.5, False, "missed"),
        (2.5, True, "reached"),
        (1.5, True, "missed"),
    ],
)
def test_a_target_is_a_least_or_a_most(target: float, at_most: bool, verdict: str) -> None:
    found = reading(
        figure(target, at_most, peer="epoll-c"), ours=[20, 22, 20], epoll_c=[10, 11, 10]
    )
    assert found.ratio
    assert found.ratio.middle == pytest.approx(2)
    assert found.cpu == pytest.approx(2)  # the other's share for each request
    assert found.verdict == verdict


def test_an_interval_around_the_target_is_reported() -> None:
    found = reading(figure(1.0, peer="epoll-c"), ours=[10, 30, 11], epoll_c=[10, 10, 10])
    assert (found.reached, found.verdict) == (True, "reached, not sure")


def test_what_was_not_measured_is_no_success() -> None:
    found = reading(figure(1.0, peer="epoll-c"), ours=[10, 30, 11])
    assert (found.reached, found.verdict) == (None, "not measured: epoll-c is absent")


def test_a_value_needs_no_other() -> None:
    found = reading(figure(None), ours=[10, 30, 11])
    assert found.ratio == (11, 10, 30)
    assert found.verdict == "shown"


def test_results_are_shown_without_running_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = figure(1.0, peer="epoll-c")
    monkeypatch.setattr(table, "FIGURES", (first,))
    shown = CliRunner().invoke(figures, ["--show", "--output-dir", str(tmp_path), "--json"])
    assert (shown.exit_code, json.loads(shown.output)[0]["verdict"]) == (1, "not measured")
    measuring.path_of(tmp_path, RUN).write_text(
        lines({"ours": [20, 22, 20], "epoll-c": [10, 11, 10]})
    )
    shown = CliRunner().invoke(figures, ["--show", "--output-dir", str(tmp_path), "--markdown"])
    assert shown.exit_code == 0, shown.output
    assert "| small | ping-pong-10 | epoll-c | >= 1 | 2.00 |" in shown.output


def test_an_interrupted_run_is_kept_and_leaves_nothing_running(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "portable_harness", "benchmark-figures", "selector-3.13"]
    words += ["--output-dir", str(tmp_path)]
    with subprocess.Popen(
        words, cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        said = []
        for line in process.stderr:  # it ends at the latest with the process
            said.append(line)
            if line.startswith("ping-pong, 10 connections"):
                break
        started = psutil.Process(process.pid).children(recursive=True)
        if len(started) < 2:
            process.kill()
            pytest.skip("not measured here: " + "".join(said).strip())
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED
    assert "selector-3.13" in output
    assert psutil.wait_procs(started, timeout=10)[1] == []
    assert (tmp_path / "selector-3.13.jsonl").read_text().startswith('{"kind": "environment"')


def test_starts_are_measured_in_turn(tmp_path: Path) -> None:
    run = table.Comparison("start-small", "cpython", (), starts=True)
    path = measuring.path_of(tmp_path, run)
    try:
        assert measuring.measure(run, path, rounds=2, seconds=0.1) == 0
    except Problem as problem:
        pytest.skip(problem.message)
    found = measuring.load(path)
    assert found
    wanted = table.Figure(run, "small", "start", 100, "stock", metric="start", at_most=True)
    (start,) = read(found, [wanted])
    assert start.verdict.startswith("reached"), start  # the same command twice
    assert measuring.measure(run, path, rounds=2, seconds=0.1) == 0  # complete: not played again
    assert measuring.load(path) == found


def test_an_unknown_name_has_its_remedy() -> None:
    done = CliRunner().invoke(figures, ["nothing"])
    assert done.exit_code == 2
    assert "no figure is called nothing (--list shows them)" in done.output

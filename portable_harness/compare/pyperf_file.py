"""Results for pyperf: `python -m pyperf stats`, `hist`, `compare_to` and what else reads its files.

A round is one run of pyperf's with one value, of which less is better: seconds a request, seconds
of the p99 where a rate is offered, bytes where connections are idle; and processor time a request,
and seconds until the server listens. FILE holds all sides; because `compare_to` takes benchmarks of
the same name from two files, each side also has a file of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from portable_harness.compare.metrics import metric_of
from portable_harness.compare.ratios import rounds_of
from portable_harness.compare.records import Record
from portable_harness.compare.summary import Summary, printable

# Values of one side: the benchmark's name, its unit, a value for each round.
Values = tuple[str, str, list[float]]
UNITS = {"memory_per_connection": "byte"}


def write(path: Path, summary: Summary) -> list[Path]:
    """FILE.json, and FILE-SIDE.json for each side that has anything.

    :raises OSError: when they cannot be written
    """
    suites: dict[Path, list[Any]] = {path: []}
    for side in summary.sides:
        for name, unit, values in _values(summary, side["name"]):
            suite = suites.setdefault(_beside(path, side["name"]), [])
            suite.append(_benchmark(summary, side, (name, unit, values)))
            together = f"{name} [{side['name']}]"
            suites[path].append(_benchmark(summary, side, (together, unit, values)))
    return [_dumped(where, ones) for where, ones in suites.items() if ones]


def _beside(path: Path, side: str) -> Path:
    return path.with_name(f"{path.stem}-{re.sub(r'[^A-Za-z0-9_.@-]+', '-', side)}{path.suffix}")


def _dumped(path: Path, benchmarks: list[Any]) -> Path:
    import pyperf

    with path.open("w", encoding="utf-8") as stream:
        pyperf.BenchmarkSuite(benchmarks).dump(stream)
    return path


def _values(summary: Summary, side: str) -> Iterator[Values]:
    for row in summary.rows:
        metric = metric_of(row.record)
        values = list(rounds_of(summary.run, row.name, side, metric).values())
        if metric == "rate":
            values = [1 / value for value in values if value > 0]
        yield from _usable(row.name, UNITS.get(metric, "second"), values)
        cpu = rounds_of(summary.run, row.name, side, "cpu_per_request").values()
        yield from _usable(f"{row.name} CPU", "second", cpu)
    starts = [float(start["seconds"]) for start in summary.run.started(side)]
    yield from _usable("start", "second", starts)


def _usable(name: str, unit: str, values: Iterable[float]) -> Iterator[Values]:
    """Nothing that is not above 0: pyperf refuses it."""
    if above := [value for value in values if value > 0]:
        yield name, unit, above


def _benchmark(summary: Summary, side: Record, values: Values) -> Any:
    import pyperf

    name, unit, each = values
    about = {"name": printable(name), "unit": unit, **_about(summary, side)}
    runs = [pyperf.Run([value], metadata=about, collect_metadata=False) for value in each]
    return pyperf.Benchmark(runs)


def _about(summary: Summary, side: Record) -> dict[str, str]:
    """By the names that pyperf gives to such things."""
    environment = summary.run.environment
    known = {
        "cpu_model_name": environment.get("cpu"),
        "cpu_count": environment.get("cores"),
        "platform": environment.get("kernel"),
        "python_implementation": side.get("implementation"),
        "python_version": side.get("version"),
        "description": summary.title(side["name"]),
    }
    return {name: printable(str(value)) for name, value in known.items() if value}

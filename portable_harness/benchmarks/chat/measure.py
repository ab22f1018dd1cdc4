"""One measurement: the generator plays a shape against a running server; psutil looks on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from portable_harness.benchmarks.chat.shapes import Shape
from portable_harness.load.build import CHAT, compiled
from portable_harness.load.reports import Histogram, LoadError, event
from portable_harness.load.spec import ChatLoad

Report = dict[str, Any]


class MeasurementError(Exception):
    """The server failed the generator (what it says is the reason), or took too long."""


def arguments(port: int, shape: Shape, warmup: float, seconds: float) -> list[str]:
    load = ChatLoad(
        shape.members, shape.mode, shape.amount, shape.dead, shape.churn, shape.joins, shape.text,
        warmup=warmup, seconds=seconds, patience=60.0,
    )  # fmt: skip
    return [str(compiled(*CHAT)), *load.words(("127.0.0.1", port))]


@contextmanager
def generator(command: list[str], limit: float) -> Iterator[subprocess.Popen[str]]:
    """A running generator; it never outlives the block."""
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path("/")
    )
    try:
        yield process
        process.wait(limit)
    except subprocess.TimeoutExpired:
        raise MeasurementError(f"the generator had not ended after {limit:g} s") from None
    finally:
        process.kill()
        process.wait(10)
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            stream.close()


def measure(
    address: tuple[str, int], pid: int, shape: Shape, warmup: float, seconds: float
) -> Report:
    """Play `shape` for `warmup` + `seconds`; raises MeasurementError if the server failed it."""
    command = arguments(address[1], shape, warmup, seconds)
    with generator(command, limit=60) as process:
        read(process, "connected")
        read(process, "measuring")
        before = _cpu(pid)
        report = read(process, "report")
        used = _cpu(pid) - before
    return _finish(report, used)


def read(process: subprocess.Popen[str], kind: str) -> Report:
    """What the generator says next, which has to be of this kind."""
    assert process.stdout is not None
    try:
        found = event(process.stdout.readline())
    except LoadError as error:
        raise MeasurementError(str(error)) from None
    if found["event"] != kind:
        raise MeasurementError(f"the generator said {found['event']} in place of {kind}")
    return found


def _cpu(pid: int) -> float:
    """CPU seconds that the process has used."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def _finish(report: Report, server_cpu: float) -> Report:
    wall, deliveries = report["seconds"], report.pop("requests")
    latency = Histogram.from_json(report.pop("histogram"))
    report["deliveries"] = deliveries
    for name, share in (("p50", 0.5), ("p99", 0.99), ("p999", 0.999)):
        report[name] = latency.quantile(share)
    report["worst"] = latency.max
    report["generator_cpu"] = report.pop("cpu_seconds") / wall
    report["deliveries_per_second"] = deliveries / wall
    report["lines_per_second"] = report["sent"] / wall
    report["joins_per_second"] = report["joins"] / wall
    report["server_cpu"] = server_cpu / wall
    told = deliveries + report["notices"]
    report["cpu_us_per_line_told"] = 1e6 * server_cpu / told if told else None
    report["load_average"] = os.getloadavg()[0]
    return report

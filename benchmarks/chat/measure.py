"""One measurement: the generator plays a shape against a running server; psutil looks on."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from benchmarks.chat.build import GENERATOR, compiled
from benchmarks.chat.shapes import Shape

Report = dict[str, Any]


class MeasurementError(Exception):
    """The server failed the generator (what it says is the reason), or took too long."""


def arguments(port: int, shape: Shape, warmup: float, seconds: float) -> list[str]:
    values = [port, shape.members, shape.senders, shape.mode, shape.amount, warmup, seconds]
    values += [shape.dead, shape.churn, shape.joins, shape.text]
    return [str(compiled(GENERATOR)), *(str(value) for value in values)]


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
        assert process.stdout is not None
        read_report(process.stdout.readline())
        before = _cpu(pid)
        report = read_report(process.stdout.readline())
        used = _cpu(pid) - before
    return _finish(report, used)


def read_report(line: str) -> Report:
    if not line:
        raise MeasurementError("the generator ended without a report")
    report: Report = json.loads(line)
    if "error" in report:
        raise MeasurementError(report["error"])
    return report


def _cpu(pid: int) -> float:
    """CPU seconds that the process has used."""
    times = psutil.Process(pid).cpu_times()
    return times.user + times.system


def _finish(report: Report, server_cpu: float) -> Report:
    wall, deliveries = report["seconds"], report["deliveries"]
    report["deliveries_per_second"] = deliveries / wall
    report["lines_per_second"] = report["sent"] / wall
    report["joins_per_second"] = report["joins"] / wall
    report["server_cpu"] = server_cpu / wall
    told = deliveries + report["notices"]
    report["cpu_us_per_line_told"] = 1e6 * server_cpu / told if told else None
    report["load_average"] = os.getloadavg()[0]
    return report

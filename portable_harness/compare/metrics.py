"""What is read from a measurement, and which of it counts in a workload."""

from __future__ import annotations

import math
from typing import Any

from portable_harness.compare.records import Record

PERCENTILES = ("p50", "p90", "p99", "p999", "max")
# What is shown of a measurement: its name here, and where it is in the record.
METRICS: dict[str, tuple[str, ...]] = {
    "rate": ("rate",),
    **{name: ("latency", name) for name in PERCENTILES},
    "cpu_per_request": ("server", "cpu_per_request"),
    "cores": ("server", "cores"),
    "rss": ("server", "rss"),
    "threads": ("server", "threads"),
    "descriptors": ("server", "descriptors"),
    "joins_per_second": ("joins_per_second",),
    "longest_gap": ("longest_gap",),
    "memory_per_connection": ("memory_per_connection",),
    "threads_per_connection": ("threads_per_connection",),
    "accept_rate": ("accept_rate",),
}
COMPARED = ("rate", "p50", "p99", "cpu_per_request", "memory_per_connection", "accept_rate")
LESS_IS_BETTER = ("p50", "p99", "cpu_per_request", "memory_per_connection", "start")


def metric_of(workload: Record) -> str:
    """What counts in it."""
    if workload.get("family") in ("idle", "members") or workload.get("mode") == "idle":
        return "memory_per_connection"
    return "p99" if workload.get("offered_rate") else "rate"


def value(record: Record, metric: str) -> float | None:
    """A finite number, or None where it was not measured."""
    found: Any = record
    for key in METRICS[metric]:
        found = found.get(key) if isinstance(found, dict) else None
    usable = isinstance(found, (int, float)) and math.isfinite(found)
    return float(found) if usable else None

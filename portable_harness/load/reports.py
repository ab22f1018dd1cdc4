"""What a generator found: counted requests, and latencies as a histogram that can be added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from portable_harness.base.reading import decoded

PER_POWER = 64  # buckets to a power of two of nanoseconds, as in histogram.c
QUANTILES = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "p999": 0.999}


class LoadError(Exception):
    """The generator could not go on: the server failed it, or it was lost. One line."""


class HostLostError(LoadError):
    """The machine of a generator is gone, or the line to it."""


def bucket_seconds(bucket: int) -> float:
    """The middle of a bucket."""
    if bucket < PER_POWER:
        return bucket / 1e9
    power, place = bucket // PER_POWER + 5, bucket % PER_POWER
    return (PER_POWER + place + 0.5) * float(1 << (power - 6)) / 1e9


@dataclass
class Histogram:
    """Latencies in logarithmic buckets; ``total`` of them, ``sum`` and ``max`` exact."""

    counts: Counter[int] = field(default_factory=Counter)
    total: int = 0
    sum: float = 0.0
    max: float = 0.0

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Histogram:
        counts = Counter({int(bucket): int(count) for bucket, count in found["counts"]})
        return cls(counts, found["total"], found["sum"], found["max"])

    def add(self, other: Histogram) -> None:
        """Put in what another generator counted."""
        self.counts.update(other.counts)
        self.total += other.total
        self.sum += other.sum
        self.max = max(self.max, other.max)

    def quantile(self, share: float) -> float:
        """So much of the requests took at most this many seconds (to 0.8%)."""
        so_far = 0
        for bucket in sorted(self.counts):
            so_far += self.counts[bucket]
            if so_far >= share * self.total:
                return min(bucket_seconds(bucket), self.max)
        return 0.0

    def as_json(self) -> dict[str, float] | None:
        """The usual quantiles; None when nothing was counted."""
        if not self.total:
            return None
        found = {name: self.quantile(share) for name, share in QUANTILES.items()}
        return {**found, "max": self.max, "mean": self.sum / self.total}


@dataclass
class Report:
    """One measurement, of one generator or of several together.

    ``lateness``: how long after its time a request was sent, on average (rate only). Of a chat:
    ``joins``, and ``longest_gap``, the seconds in which nothing was delivered.
    """

    requests: int
    seconds: float
    cpu_seconds: float
    lateness: float
    latency: Histogram
    joins: int = 0
    longest_gap: float = 0.0

    @property
    def rate(self) -> float:
        return self.requests / self.seconds if self.seconds else 0.0

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Report:
        histogram = Histogram.from_json(found["histogram"])
        return cls(
            found["requests"], found["seconds"], found["cpu_seconds"], found["lateness"], histogram,
            found.get("joins", 0), found.get("longest_gap", 0.0),
        )  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        return {
            "requests": self.requests, "seconds": self.seconds, "rate": self.rate,
            "cpu_seconds": self.cpu_seconds, "lateness": self.lateness,
            "latency": self.latency.as_json(),
        }  # fmt: skip


def merged(reports: Iterable[Report]) -> Report:
    """As if one generator had measured it all: counts add up, the longest time is the time."""
    parts = list(reports)
    latency = Histogram()
    for part in parts:
        latency.add(part.latency)
    return Report(
        sum(part.requests for part in parts), max(part.seconds for part in parts),
        sum(part.cpu_seconds for part in parts), max(part.lateness for part in parts), latency,
        sum(part.joins for part in parts), max(part.longest_gap for part in parts),
    )  # fmt: skip


def event(line: str) -> dict[str, Any]:
    """A line that a generator printed.

    :raises LoadError: when it tells of an error, or there is none any more
    """
    try:
        found = decoded(line)
        kind = found["event"]
    except (ValueError, KeyError, TypeError):
        raise LoadError(f"the generator ended: {line.strip() or 'it said nothing'}") from None
    if kind == "error":
        raise LoadError(str(found["message"]))
    return dict(found)

"""Warm-up: load until the rate settles, which a JIT takes seconds for."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any

from portable_harness.compare.servers import Running
from portable_harness.compare.workloads import Workload
from portable_harness.load.generator import Fleet
from portable_harness.load.spec import AnyLoad

PART = 0.25  # seconds for each rate
LOOK_BACK = 4  # rates that must agree
AGREE = 0.05  # of their mean
TOUCHED = 20  # connections that make a server load what it loads at first use


@dataclass(frozen=True)
class Patience:
    """At least and at most this many seconds of load."""

    least: float
    most: float


def patience(jit: bool, fresh: bool, settle: float) -> Patience:
    """A fresh JIT may take ``settle`` seconds; a workload after others much less."""
    if jit:
        return Patience(settle / 3, settle) if fresh else Patience(settle / 8, settle / 4)
    return Patience(0.5, 1.0) if fresh else Patience(PART, 2 * PART)


def settled(rates: list[float]) -> bool:
    """Whether the last rates agree."""
    last = rates[-LOOK_BACK:]
    mean = sum(last) / len(last)
    return len(last) == LOOK_BACK and all(abs(rate - mean) <= AGREE * mean for rate in last)


def warm_up(fleet: Fleet, server: Running, workload: Workload, limits: Patience) -> dict[str, Any]:
    """Put load on it until it has settled or the time is over; the record's figures.

    :raises LoadError: when the server fails
    """
    load = replace(workload.load.saturating(), seconds=limits.most, warmup=0.0, interval=PART)
    rates: list[float] = []
    begin = time.monotonic()

    def enough(rate: float) -> bool:
        rates.append(rate)
        return time.monotonic() - begin >= limits.least and settled(rates)

    with fleet.run(load, server.port) as playing:
        playing.go()
        playing.report(enough)
    seconds = time.monotonic() - begin
    return {"seconds": seconds, "settled": len(rates) > 1 and settled(rates), "rates": rates}


def touch(fleet: Fleet, server: Running, load: AnyLoad) -> None:
    """A few connections come and go, so that what is loaded once is not counted for each."""
    mode = "closed" if load.mode == "idle" else load.mode
    few = replace(load, connections=TOUCHED, mode=mode, warmup=0.0, seconds=0.1)
    with fleet.run(few, server.port) as playing:
        playing.go()
        playing.report()

"""Results that a seeded generator makes, as a file of compare has them."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from random import Random
from typing import Any

from portable_harness.compare import records, workloads

PING_PONG = [workload.as_json() for workload in workloads.FULL if workload.family == "ping-pong"]
ALL = [workload.as_json() for workload in workloads.FULL]


def results(
    speed: float = 1.0,
    seed: int = 1,
    rounds: int = 5,
    names: Sequence[str] = ("one", "two"),
    chosen: Sequence[dict[str, Any]] = PING_PONG,
    machine: float = 1.0,
    **environment: Any,
) -> str:
    """Each side's rate is ``speed`` times that of the one before it, but for 3% of noise.

    :param machine: how fast it is, for the sides and for the generator's own server alike
    """
    random = Random(seed)
    lines: list[dict[str, Any]] = [{
        "kind": "environment", "format": records.FORMAT, "workloads": list(chosen),
        "sides": [{"name": name, "title": name.title()} for name in names], **environment,
    }]  # fmt: skip
    for workload in chosen:
        ceiling = 1e6 * machine * math.exp(random.gauss(0, 0.01))
        lines.append({"kind": "ceiling", "workload": workload["name"], "rate": ceiling})
        for number in range(rounds):
            for at, name in enumerate(names):
                slower = 1 / speed**at / machine * math.exp(random.gauss(0, 0.03))
                lines.append(_measurement(workload["name"], name, number, slower))
                if workload is chosen[0]:
                    start = {"kind": "start", "side": name, "round": number, "seconds": slower}
                    lines.append(start)
    lines.append({"kind": "end", "status": "complete", "message": None})
    return "".join(json.dumps(line) + "\n" for line in lines)


def _measurement(workload: str, side: str, number: int, slower: float) -> dict[str, Any]:
    """What takes ``slower`` times as long, and needs so much more."""
    seconds = slower / 20_000
    return {
        "kind": "measurement", "workload": workload, "side": side, "round": number,
        "rate": 1 / seconds, "memory_per_connection": 20_000 * slower, "other_cpu": 0.02,
        "latency": {name: seconds * 2**at for at, name in enumerate(LATENCIES)},
        "server": {"cpu_per_request": seconds, "rss": 2e7},
    }  # fmt: skip


LATENCIES = ("p50", "p90", "p99", "p999", "max")


def changed(text: str, side: str, only_round: int | None = None, **changes: Any) -> str:
    """The same with other values in the measurements of a side, or in one of them."""
    lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        of_side = line["kind"] == "measurement" and line["side"] == side
        if of_side and only_round in (None, line["round"]):
            line.update(changes)
    return "".join(json.dumps(line) + "\n" for line in lines)

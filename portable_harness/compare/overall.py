"""One ratio over all workloads: of the geometric mean of each round's rates."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import geometric_mean

from portable_harness.compare.ratios import Basis, rounds_of
from portable_harness.compare.records import Run
from portable_harness.compare.statistics import Spread


def overall(run: Run, workloads: Sequence[str], basis: Basis) -> dict[str, Spread]:
    """For each side but the references; only rounds in which it has every workload."""
    if len(workloads) < 2:
        return {}
    names = [str(side["name"]) for side in run.sides]
    return basis.ratios({name: _means(run, name, workloads) for name in names})


def _means(run: Run, side: str, workloads: Sequence[str]) -> dict[int, float]:
    rounds = [rounds_of(run, workload, side, "rate") for workload in workloads]
    shared = sorted(set(rounds[0]).intersection(*rounds[1:]))
    found = {number: [one[number] for one in rounds] for number in shared}
    return {number: geometric_mean(rates) for number, rates in found.items() if min(rates) > 0}

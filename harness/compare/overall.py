"""One ratio over all workloads: of the geometric mean of each round's rates."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import geometric_mean

from harness.compare.ratios import Basis
from harness.compare.records import Run
from harness.compare.statistics import Spread


def overall(run: Run, workloads: Sequence[str], basis: Basis) -> dict[str, Spread]:
    """For each side but the references; only rounds in which it has every workload."""
    if len(workloads) < 2:
        return {}
    names = [str(side["name"]) for side in run.sides]
    return basis.ratios({name: _means(run, name, workloads) for name in names})


def _means(run: Run, side: str, workloads: Sequence[str]) -> dict[int, float]:
    rounds = [run.rounds(workload, side) for workload in workloads]
    shared = set(rounds[0]).intersection(*rounds[1:])
    found = {}
    for number in sorted(shared):
        records = [one[number] for one in rounds]
        if all(not one.get("error") and one["rate"] > 0 for one in records):
            found[number] = geometric_mean([one["rate"] for one in records])
    return found

"""One ratio over all workloads: in each round the geometric mean of their ratios."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import geometric_mean

from harness.compare.records import Run
from harness.compare.statistics import Sample, Spread, intervals, paired


def overall(run: Run, workloads: Sequence[str]) -> dict[str, Spread]:
    """For each side but the first; only rounds in which both have every workload."""
    if len(workloads) < 2 or not run.sides:
        return {}
    names = [str(side["name"]) for side in run.sides]
    first = _means(run, names[0], workloads)
    samples: dict[str, Sample] = {}
    for name in names[1:]:
        own = _means(run, name, workloads)
        shared = sorted(set(own) & set(first))
        if sample := paired([own[n] for n in shared], [first[n] for n in shared]):
            samples[name] = sample
    return intervals(samples)


def _means(run: Run, side: str, workloads: Sequence[str]) -> dict[int, float]:
    rounds = [run.rounds(workload, side) for workload in workloads]
    shared = set(rounds[0]).intersection(*rounds[1:])
    found = {}
    for number in shared:
        records = [one[number] for one in rounds]
        if all(not one.get("error") and one["rate"] > 0 for one in records):
            found[number] = geometric_mean([one["rate"] for one in records])
    return found

"""What is compared with what, and how sure that is.

Within a run each side is compared with the first, round by round: rounds are interleaved, and
neighbours share what the machine was doing. Two files were measured at two times. Their rounds have
nothing in common, so that medians are compared; and what differs from one run to the next is the
same for all rounds of a run, so that these cannot show it. What shows it is the generator's own
server, the same program in C in both runs, measured for each workload: the intervals are widened by
as much as that differed.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from statistics import geometric_mean
from typing import TypeVar

from portable_harness.compare.metrics import value
from portable_harness.compare.records import Run
from portable_harness.compare.statistics import (
    ERROR,
    Sample,
    Spread,
    intervals,
    paired,
    unpaired,
    widened,
)
from portable_harness.compare.t_distribution import quantile

Key = TypeVar("Key", bound=Hashable)
Rounds = Mapping[int, float]


def side_by_side(ours: Rounds, theirs: Rounds) -> Sample | None:
    """Of the rounds that both have."""
    shared = [number for number in ours if number in theirs]
    return paired([ours[n] for n in shared], [theirs[n] for n in shared])


def apart(ours: Rounds, theirs: Rounds) -> Sample | None:
    """Of all rounds: the same number in another run is another time."""
    return unpaired(list(ours.values()), list(theirs.values()))


@dataclass(frozen=True)
class Basis:
    """``references``: for each side that which it is compared with; itself, if it is one.

    ``noise`` and ``freedom``: the standard deviation of a logarithm between two runs, and of how
    many figures it was found; 0 within one run.
    """

    references: Mapping[str, str]
    sample: Callable[[Rounds, Rounds], Sample | None] = side_by_side
    noise: float = 0.0
    freedom: int = 0

    def intervals(self, samples: Mapping[Key, Sample]) -> dict[Key, Spread]:
        """An interval for each ratio; all hold together."""
        made = intervals(samples)
        if not self.freedom:
            return made
        more = self.noise * quantile(1 - ERROR / (2 * max(1, len(made))), self.freedom)
        return {key: widened(interval, more) for key, interval in made.items()}

    def ratios(self, values: Mapping[str, Rounds]) -> dict[str, Spread]:
        """Of one figure that each side has, without those that are references."""
        samples = {}
        for side, reference in self.references.items():
            ours, theirs = values.get(side, {}), values.get(reference, {})
            if side != reference and (sample := self.sample(ours, theirs)):
                samples[side] = sample
        return self.intervals(samples)


def to_the_first(run: Run) -> Basis:
    """That of one run."""
    names = [str(side["name"]) for side in run.sides]
    return Basis(dict.fromkeys(names, names[0])) if names else Basis({})


def rounds_of(run: Run, workload: str, side: str, metric: str) -> dict[int, float]:
    """The values of a metric that were measured."""
    found = {n: value(record, metric) for n, record in run.rounds(workload, side).items()}
    return {number: figure for number, figure in found.items() if figure is not None}


def overall(run: Run, workloads: Sequence[str], basis: Basis) -> dict[str, Spread]:
    """One ratio over all workloads: of the geometric mean of each round's rates.

    For each side but the references; only rounds in which it has every workload.
    """
    if len(workloads) < 2:
        return {}
    names = [str(side["name"]) for side in run.sides]
    return basis.ratios({name: _means(run, name, workloads) for name in names})


def _means(run: Run, side: str, workloads: Sequence[str]) -> dict[int, float]:
    rounds = [rounds_of(run, workload, side, "rate") for workload in workloads]
    shared = sorted(set(rounds[0]).intersection(*rounds[1:]))
    found = {number: [rates[number] for rates in rounds] for number in shared}
    return {number: geometric_mean(rates) for number, rates in found.items() if min(rates) > 0}

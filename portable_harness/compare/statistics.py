"""Medians with their spread, and ratios with an interval that is honest about few rounds.

A ratio is taken within a round, because neighbours in time share what the machine was doing; its
middle is the median of the rounds' ratios. Its interval holds two:
- the bootstrap interval of that median (Efron 1979), which shows outliers and skew, but with three
  to five rounds is too narrow: three rounds cannot tell how noisy they might have been;
- Student's interval of the mean logarithm, with a variance that is moderated by those of the run's
  other ratios (Smyth 2004, "Linear models and empirical Bayes methods", section 6): rounds of one
  machine and one hour have much noise in common, so that twelve workloads with five rounds each
  know more about it than one. Where their noises differ much, each ratio keeps to its own.

All intervals that are made together hold together, 19 times of 20 (Bonferroni): among many ratios
of identical sides none is to look like a difference.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from random import Random
from statistics import fmean, median, variance
from typing import NamedTuple, TypeVar

from portable_harness.compare.t_distribution import digamma, quantile, trigamma, trigamma_inverse

RESAMPLES = 2_000
SEED = 373
ERROR = 0.05  # one run in twenty may be wrong somewhere
LEAST_NOISE = 1e-6  # of a logarithm: rounds that agree to the last digit are not free of noise
Key = TypeVar("Key")


class Spread(NamedTuple):
    """A median with the smallest and the largest; of a ratio, with its interval."""

    middle: float
    low: float
    high: float


class Sample(NamedTuple):
    """What is known of one ratio: the middle, the mean logarithm and its noise.

    ``scale`` times the variance of one observation is that of the mean.
    """

    middle: float
    mean: float
    variance: float
    freedom: int
    scale: float
    bootstrap: tuple[float, float]


def spread(values: Sequence[float]) -> Spread:
    return Spread(median(values), min(values), max(values))


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Spread:
    """Median of the ratios of paired rounds with its 95% interval, for one ratio alone.

    With one pair the interval is everything: one round says nothing about noise.
    """
    sample = paired(ours, theirs)
    if sample is None:
        return Spread(math.nan, math.nan, math.nan)
    return intervals({"": sample})[""]


def paired(ours: Sequence[float], theirs: Sequence[float]) -> Sample | None:
    """The ratio of rounds that were measured side by side; None when there is none."""
    ratios = [a / b for a, b in zip(ours, theirs, strict=True) if a > 0 and b > 0]
    if not ratios:
        return None
    logs = [math.log(ratio) for ratio in ratios]
    medians = sorted(_medians(ratios, SEED))
    noise = variance(logs) if len(logs) > 1 else 0.0
    freedom = len(logs) - 1
    return Sample(median(ratios), fmean(logs), noise, freedom, 1 / len(logs), _middle_of(medians))


def unpaired(ours: Sequence[float], theirs: Sequence[float]) -> Sample | None:
    """The ratio of two medians that were measured apart, in two files."""
    ours, theirs = [rate for rate in ours if rate > 0], [rate for rate in theirs if rate > 0]
    if not ours or not theirs:
        return None
    a, b = [math.log(rate) for rate in ours], [math.log(rate) for rate in theirs]
    resampled = zip(_medians(ours, SEED), _medians(theirs, SEED + 1), strict=True)
    ratios = sorted(x / y for x, y in resampled)
    freedom = len(a) + len(b) - 2
    squares = sum((x - fmean(a)) ** 2 for x in a) + sum((x - fmean(b)) ** 2 for x in b)
    noise = squares / freedom if freedom else 0.0
    middle, mean = median(ours) / median(theirs), fmean(a) - fmean(b)
    return Sample(middle, mean, noise, freedom, 1 / len(a) + 1 / len(b), _middle_of(ratios))


def _medians(values: Sequence[float], seed: int) -> list[float]:
    """The medians of samples of ``values``, with replacement."""
    ordered = sorted(values)
    return [(ordered[low] + ordered[high]) / 2 for low, high in _middle_ranks(len(values), seed)]


@lru_cache(maxsize=64)
def _middle_ranks(size: int, seed: int) -> list[tuple[int, int]]:
    """The ranks that make the median, in each sample: they do not depend on the values."""
    random = Random(seed)
    samples = (sorted(random.choices(range(size), k=size)) for _ in range(RESAMPLES))
    return [(ranks[(size - 1) // 2], ranks[size // 2]) for ranks in samples]


def _middle_of(resampled: Sequence[float]) -> tuple[float, float]:
    """The middle 95% of sorted values."""
    cut = len(resampled) // 40
    return resampled[cut], resampled[-cut - 1]


def intervals(samples: Mapping[Key, Sample], error: float = ERROR) -> dict[Key, Spread]:
    """An interval for each ratio; with ``1 - error`` all of them hold."""
    known = [sample for sample in samples.values() if sample.freedom]
    prior = _prior([(max(sample.variance, LEAST_NOISE**2), sample.freedom) for sample in known])
    chance = 1 - error / (2 * max(1, len(known)))
    return {key: _interval(sample, prior, chance) for key, sample in samples.items()}


def _interval(sample: Sample, prior: tuple[float, float], chance: float) -> Spread:
    if not sample.freedom:
        return Spread(sample.middle, 0.0, math.inf)
    noise, weight = prior
    own = max(sample.variance, LEAST_NOISE**2)
    if math.isinf(weight):
        moderated, freedom = noise, math.inf
    else:
        freedom = sample.freedom + weight
        moderated = (sample.freedom * own + weight * noise) / freedom
    half = quantile(chance, freedom) * math.sqrt(moderated * sample.scale)
    low, high = sample.bootstrap
    return Spread(
        sample.middle,
        min(low, math.exp(sample.mean - half)),
        max(high, math.exp(min(sample.mean + half, 700.0))),
    )


def widened(ratio: Spread, more: float) -> Spread:
    """With another uncertainty that does not depend on the first: ``more`` is half of its width,
    of the logarithm."""
    if not 0 < ratio.low <= ratio.high < math.inf:
        return ratio
    middle = math.log(ratio.middle)
    below = math.hypot(middle - math.log(ratio.low), more)
    above = math.hypot(math.log(ratio.high) - middle, more)
    return Spread(ratio.middle, math.exp(middle - below), math.exp(middle + above))


def _prior(noises: Sequence[tuple[float, int]]) -> tuple[float, float]:
    """What the ratios together say about the noise of each: a variance, and its weight as if it
    had this number of degrees of freedom (0: nothing)."""
    if len(noises) < 3:
        return 0.0, 0.0
    logs = [math.log(own) - digamma(d / 2) + math.log(d / 2) for own, d in noises]
    middle = fmean(logs)
    extra = variance(logs) - fmean([trigamma(d / 2) for _, d in noises])
    if extra <= 0:  # no more than chance makes them differ
        weight = float(sum(d for _, d in noises))
    else:
        weight = min(2 * trigamma_inverse(extra), float(sum(d for _, d in noises)))
    return math.exp(middle + digamma(weight / 2) - math.log(weight / 2)), weight

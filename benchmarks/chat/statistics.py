"""Medians with their spread, and ratios with a bootstrap interval."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from statistics import median
from typing import NamedTuple

RESAMPLES = 2_000


class Spread(NamedTuple):
    """A median with the smallest and the largest."""

    middle: float
    low: float
    high: float


def spread(values: Sequence[float]) -> Spread:
    return Spread(median(values), min(values), max(values))


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> Spread:
    """Median of the ratios of paired rounds, with its 95% bootstrap interval.

    Rounds are paired because neighbours in time share what the machine was doing.  With one pair
    the interval is that ratio alone.
    """
    pairs = [a / b for a, b in zip(ours, theirs, strict=True) if b]
    if not pairs:
        return Spread(float("nan"), float("nan"), float("nan"))
    random = Random(373)
    medians = sorted(median(random.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES))
    return Spread(median(pairs), medians[RESAMPLES // 40], medians[-RESAMPLES // 40])

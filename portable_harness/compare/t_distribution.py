"""The functions of probability that the standard library has not: Student's quantile, and the first
two derivatives of the logarithm of the gamma function (Abramowitz and Stegun 6.3, 6.4, 26.7)."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from statistics import NormalDist


@lru_cache(maxsize=1024)
def quantile(chance: float, freedom: float) -> float:
    """Below which Student's t is with this probability (over a half), for this many degrees."""
    if math.isinf(freedom) or freedom > 10_000:
        return NormalDist().inv_cdf(chance)
    high = 1.0
    while _cumulative(high, freedom) < chance:
        high *= 2
    return _bisect(lambda t: _cumulative(t, freedom) - chance, 0.0, high)


def _cumulative(t: float, freedom: float) -> float:
    """Half of the regularised incomplete beta function, from the other side."""
    return 1 - _beta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2


def _beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta(1 - x, b, a)
    logarithm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(logarithm + a * math.log(x) + b * math.log1p(-x)) / a
    return front / _fraction(x, a, b)


def _fraction(x: float, a: float, b: float, depth: int = 200) -> float:
    """1 + d1/(1 + d2/(1 + ...)), from its far end (Abramowitz and Stegun 26.5.8)."""
    value = 1.0
    for n in range(depth, 0, -1):
        m = n // 2
        if n % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        value = 1 + term / value
    return value


def digamma(x: float) -> float:
    """By recurrence to where the asymptotic series is exact enough."""
    shift = 0.0
    while x < 10:
        shift -= 1 / x
        x += 1
    s = 1 / (x * x)
    return shift + math.log(x) - 1 / (2 * x) - s * (1 / 12 - s * (1 / 120 - s / 252))


def trigamma(x: float) -> float:
    shift = 0.0
    while x < 10:
        shift += 1 / (x * x)
        x += 1
    s = 1 / (x * x)
    return shift + 1 / x + s / 2 + s / x * (1 / 6 - s * (1 / 30 - s / 42))


def trigamma_inverse(value: float) -> float:
    """The x whose trigamma is ``value``; it falls from infinity to 0."""
    high = 1.0
    while trigamma(high) > value:
        high *= 2
    return _bisect(lambda x: value - trigamma(x), 1e-9, high)


def _bisect(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function crosses 0."""
    for _ in range(80):
        middle = (low + high) / 2
        if function(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2

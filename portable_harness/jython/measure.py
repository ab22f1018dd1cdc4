"""Time the start of Jython: the stock launcher against the fast start, round by round.

The two are interleaved, so that whatever else the machine does falls upon both; each round gives a
ratio, and the median of these is the answer. CPU seconds (of the process, from the kernel) stand
beside wall time: they survive a busy machine better.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from portable_harness.interpreters.probe import guest_environment

LIMIT = 120.0  # seconds for one start
NOISE = 0.5  # of the median: a wider spread of the ratios decides nothing


class StartFailedError(Exception):
    """A start that was to be timed did not end well; one line."""


@dataclass(frozen=True)
class Start:
    """One start: seconds on the wall, seconds of processor time."""

    wall: float
    cpu: float


@dataclass
class Comparison:
    """The rounds of both sides, in order."""

    stock: list[Start] = field(default_factory=list)
    fast: list[Start] = field(default_factory=list)

    def ratios(self, kind: str) -> list[float]:
        """Fast over stock, round by round; ``kind`` is wall or cpu."""
        pairs = zip(self.fast, self.stock, strict=True)
        return [getattr(fast, kind) / getattr(stock, kind) for fast, stock in pairs]

    @property
    def conclusive(self) -> bool:
        """Whether the wall ratios lie close enough together to mean something."""
        low, middle, high = quartiles(self.ratios("wall"))
        return high - low <= NOISE * middle

    def as_json(self) -> dict[str, Any]:
        """Medians with quartiles, all in seconds but the ratios."""
        sides = {"stock": self.stock, "fast": self.fast}
        answer: dict[str, Any] = {
            name: {kind: summary([getattr(one, kind) for one in starts]) for kind in KINDS}
            for name, starts in sides.items()
        }
        answer["ratio"] = {kind: summary(self.ratios(kind)) for kind in KINDS}
        answer["rounds"] = len(self.stock)
        answer["conclusive"] = self.conclusive
        answer["load_average"] = list(os.getloadavg())
        return answer


KINDS = ("wall", "cpu")


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Lower quartile, median, upper quartile."""
    if len(values) < 2:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, middle, high


def summary(values: Sequence[float]) -> dict[str, float]:
    """The quartiles by name."""
    low, middle, high = quartiles(values)
    return {"median": middle, "low": low, "high": high}


def compare(
    stock: Sequence[str],
    fast: Sequence[str],
    arguments: Sequence[str],
    rounds: int,
    tell: Callable[[int], None] = lambda _round: None,
) -> Comparison:
    """Start both, ``rounds`` times in turn, behind one round that only warms the disk's cache.

    :raises StartFailedError: when a start fails or takes longer than LIMIT
    """
    result = Comparison()
    for number in range(rounds + 1):
        slow = timed([*stock, *arguments])
        quick = timed([*fast, *arguments])
        if number > 0:
            result.stock.append(slow)
            result.fast.append(quick)
        tell(number)
    return result


def timed(command: Sequence[str]) -> Start:
    """Run a command and take its times.

    :raises StartFailedError: when it fails or takes longer than LIMIT
    """
    began = time.perf_counter()
    before = os.times()
    try:
        subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=guest_environment(),
            timeout=LIMIT,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise StartFailedError(str(error)) from error
    wall, after = time.perf_counter() - began, os.times()
    used = after.children_user + after.children_system
    return Start(wall, used - before.children_user - before.children_system)

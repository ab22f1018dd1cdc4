"""What a run says about a figure: the ratio, its interval, and whether the target is reached."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from portable_harness.benchmarks.table import Figure
from portable_harness.compare.ratios import rounds_of, side_by_side
from portable_harness.compare.records import Run
from portable_harness.compare.statistics import Sample, Spread, intervals


@dataclass(frozen=True)
class Reading:
    """``ratio`` is None where there is nothing to read; ``reason`` says why, if that is known.

    ``cpu``: the other's processor time for a request, divided by ours."""

    figure: Figure
    ratio: Spread | None = None
    cpu: float | None = None
    reason: str = ""

    @property
    def reached(self) -> bool | None:
        """None: there is no target, or it was not measured."""
        if self.figure.target is None or self.ratio is None:
            return None
        if self.figure.at_most:
            return self.ratio.middle <= self.figure.target
        return self.ratio.middle >= self.figure.target

    @property
    def sure(self) -> bool:
        """The whole interval is on the same side of the target."""
        target = self.figure.target
        return bool(self.ratio and target and not self.ratio.low < target < self.ratio.high)

    @property
    def verdict(self) -> str:
        """One word or three."""
        if self.ratio is None:
            return f"not measured: {self.reason}" if self.reason else "not measured"
        if self.reached is None:
            return "shown"
        word = "reached" if self.reached else "missed"
        return word if self.sure else f"{word}, not sure"


def read(run: Run, figures: list[Figure]) -> list[Reading]:
    """All figures of one run; their intervals hold together."""
    ratios = {figure.name: figure for figure in figures if figure.peer or figure.base}
    samples = {name: found for name, figure in ratios.items() if (found := _sample(run, figure))}
    made = intervals(samples)
    return [
        Reading(
            figure,
            made.get(figure.name) if figure.name in ratios else _value(run, figure),
            _cpu(run, figure),
            _reason(run, figure),
        )
        for figure in figures
    ]


def _sides(run: Run, figure: Figure) -> tuple[tuple[str, str], tuple[str, str]]:
    first = str(run.sides[0]["name"])
    theirs = (figure.base or figure.workload, figure.peer or first)
    return (figure.workload, first), theirs


def _sample(run: Run, figure: Figure) -> Sample | None:
    ours, theirs = _sides(run, figure)
    if figure.metric == "start":
        return side_by_side(_starts(run, ours[1]), _starts(run, theirs[1]))
    return side_by_side(
        rounds_of(run, *ours, figure.metric), rounds_of(run, *theirs, figure.metric)
    )


def _starts(run: Run, side: str) -> dict[int, float]:
    return {int(start["round"]): float(start["seconds"]) for start in run.started(side)}


def _value(run: Run, figure: Figure) -> Spread | None:
    ours, _ = _sides(run, figure)
    found = list(rounds_of(run, *ours, figure.metric).values())
    return Spread(median(found), min(found), max(found)) if found else None


def _cpu(run: Run, figure: Figure) -> float | None:
    ours, theirs = _sides(run, figure)
    if figure.metric != "rate" or not figure.peer:
        return None
    cost = "cpu_per_request"
    sample = side_by_side(rounds_of(run, *theirs, cost), rounds_of(run, *ours, cost))
    return sample.middle if sample else None


def _reason(run: Run, figure: Figure) -> str:
    for workload, side in _sides(run, figure):
        if side not in [record["name"] for record in run.sides]:
            return f"{side} is absent"
        failed = [
            record["error"] for record in run.rounds(workload, side).values() if record.get("error")
        ]
        if failed:
            return f"{side}: {failed[0]}"
    return ""

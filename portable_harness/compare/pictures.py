"""What the plots of a comparison show, as plain data: `portable_harness.compare.drawing` draws it.

A point is the median of the rounds, with the lowest and the highest of them; of a ratio, with its
interval. A picture for which nothing was measured does not exist.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from portable_harness.compare.metrics import PERCENTILES, metric_of
from portable_harness.compare.statistics import Spread
from portable_harness.compare.summary import Row, Summary, Within

SPREAD = "The median of the rounds; thin lines go from the lowest to the highest."
INTERVAL = "All intervals hold together, 19 times of 20."


@dataclass(frozen=True)
class Series:
    """One side: ``number`` gives its colour and sign; ``points`` by place on the axis."""

    title: str
    number: int
    points: dict[float, Spread]


@dataclass(frozen=True)
class Picture:
    """``places`` are what stands at 0, 1, 2, ... of the axis; without them it is of numbers.

    ``kind``: lines go across, bars and dots lie in rows. ``line`` is a value to compare with.
    """

    name: str
    title: str
    caption: str
    kind: str
    value: str
    series: list[Series]
    places: list[str] = field(default_factory=list)
    axis: str = ""
    logarithmic: bool = False
    line: float | None = None

    @property
    def alternative(self) -> str:
        """In words, for those who do not see it: each side with its values."""
        sentences = [f"{self.title}, {self.value}."]
        for series in self.series:
            values = [f"{self._place(at)}: {short(x.middle)}" for at, x in series.points.items()]
            sentences.append(f"{series.title}: {', '.join(values)}.")
        return " ".join(sentences)

    def _place(self, at: float) -> str:
        return self.places[int(at)] if self.places else f"{at:,.0f}"


def short(value: float) -> str:
    """Three digits, and k or M for what is large."""
    for factor, letter in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= factor:
            return f"{value / factor:.3g}{letter}"
    return f"{value:.3g}"


def pictures(summary: Summary) -> list[Picture]:
    """All that there is something to show in."""
    made = [
        _ratios(summary), _throughput(summary), *_scaling(summary), *_latency(summary),
        _cpu(summary), _memory(summary), _start(summary), _chat(summary),
    ]  # fmt: skip
    return [
        picture for picture in made if picture and any(series.points for series in picture.series)
    ]


def _family(summary: Summary, family: str) -> list[Row]:
    return [row for row in _measured(summary) if row.family == family]


def _measured(summary: Summary) -> list[Row]:
    return [row for row in summary.rows if any(cell.values for cell in row.cells.values())]


def _series(
    summary: Summary, points: Callable[[str], Iterable[tuple[float, Spread | None]]]
) -> list[Series]:
    made = [
        Series(
            summary.title(side["name"]), number,
            {at: found for at, found in points(side["name"]) if found is not None},
        )
        for number, side in enumerate(summary.sides)
    ]  # fmt: skip
    return [series for series in made if series.points]


def _rows_of(summary: Summary, rows: list[Row], metric: str, factor: float = 1.0) -> list[Series]:
    """A metric with a place for each row."""

    def points(side: str) -> Iterator[tuple[float, Spread | None]]:
        for place, row in enumerate(rows):
            yield place, times(row.cells[side].values.get(metric), factor)

    return _series(summary, points)


def times(value: Spread | None, factor: float) -> Spread | None:
    """In another unit; None where it is nothing, which a logarithmic axis cannot show."""
    if value is None or value.middle <= 0:
        return None
    return Spread(value.middle * factor, value.low * factor, value.high * factor)


def drawable(ratio: Spread) -> Spread:
    """Without the interval where one round gave none."""
    return ratio if math.isfinite(ratio.high) else Spread(*[ratio.middle] * 3)


def _ratios(summary: Summary) -> Picture | None:
    rows = [row for row in _measured(summary) if metric_of(row.record) == "rate"]

    def points(side: str) -> Iterator[tuple[float, Spread | None]]:
        for place, row in enumerate(rows):
            ratio = row.cells[side].ratio
            yield place, drawable(ratio) if ratio else None

    return Picture(
        "ratios", f"Requests a second, as a multiple of {summary.to_what}",
        f"Right of the line: more than {summary.to_what}. Thin lines are the"
        f" intervals; one that crosses the line proves nothing. {INTERVAL}",
        "dots", f"times as many as {summary.to_what}",
        _series(summary, points), places=[row.title for row in rows], logarithmic=True, line=1.0,
    )  # fmt: skip


def _throughput(summary: Summary) -> Picture | None:
    rows = _family(summary, "ping-pong")

    def points(side: str) -> Iterator[tuple[float, Spread | None]]:
        for row in rows:
            yield row.record["connections"], times(row.cells[side].values.get("rate"), 1.0)

    return Picture(
        "throughput", "Throughput by connections",
        f"Ping-pong: each connection sends a line and waits for it. {SPREAD}",
        "lines", "requests/s", _series(summary, points), axis="connections",
    )  # fmt: skip


def _scaling(summary: Summary) -> Iterator[Picture]:
    """A curve for each cost of a line: how much more is served with more connections."""
    curves = [scaling for scaling in summary.within if scaling.kind == "work"]
    for cost in sorted({curve.work_us for curve in curves if curve.work_us is not None}):
        alike = [curve for curve in curves if curve.work_us == cost]

        def points(side: str, alike: list[Within] = alike) -> Iterator[tuple[float, Spread]]:
            for curve in alike:
                if curve.side == side:
                    yield curve.base, Spread(1.0, 1.0, 1.0)
                    yield curve.connections, drawable(curve.ratio)

        yield Picture(
            f"scaling-{cost}us", f"Scaling with {cost:,} us of work a line",
            "The rate as a multiple of that with the fewest connections. A server that computes"
            f" on one core at a time stays at 1. {INTERVAL}",
            "lines", f"times the rate of {alike[0].base}", _series(summary, points),
            axis="connections", line=1.0,
        )  # fmt: skip


def _latency(summary: Summary) -> Iterator[Picture]:
    """Where the rate is given, and where a thread of the server computes."""
    for row in summary.rows:
        if not (row.record.get("offered_rate") or row.record.get("computing_thread")):
            continue

        def points(side: str, row: Row = row) -> Iterator[tuple[float, Spread | None]]:
            for place, name in enumerate(PERCENTILES):
                yield place, times(row.cells[side].values.get(name), 1e3)

        due = " It counts from when a line was due." if row.record.get("offered_rate") else ""
        yield Picture(
            f"latency-{row.name}", f"Latency: {row.title}",
            f"Half of the lines were answered within p50, 99 of 100 within p99.{due} {SPREAD}",
            "lines", "ms", _series(summary, points), axis="percentile", logarithmic=True,
            places=["p50", "p90", "p99", "p99.9", "max"],
        )  # fmt: skip


def _cpu(summary: Summary) -> Picture | None:
    rows = [row for row in _measured(summary) if row.family not in ("idle", "members")]
    return Picture(
        "cpu", "CPU per request",
        "Processor time of the server for each request: it says more than the rate where the"
        f" machine is busy. {SPREAD}",
        "dots", "us", _rows_of(summary, rows, "cpu_per_request", 1e6),
        places=[row.title for row in rows], logarithmic=True,
    )  # fmt: skip


def _memory(summary: Summary) -> Picture | None:
    rows = _family(summary, "idle")
    return Picture(
        "memory", "Memory per connection",
        f"What the server grew by, for each connection that says nothing. {SPREAD}",
        "bars", "KiB", _rows_of(summary, rows, "memory_per_connection", 1 / 1024),
        places=[row.title for row in rows],
    )  # fmt: skip


def _start(summary: Summary) -> Picture | None:
    return Picture(
        "start", "Start-up", f"Until the server listens. {SPREAD}", "bars", "seconds",
        _series(summary, lambda side: [(0, summary.starts.get(side))]), places=["start"],
    )  # fmt: skip


def _chat(summary: Summary) -> Picture | None:
    rows = [row for row in _family(summary, "chat") if metric_of(row.record) == "rate"]
    return Picture(
        "chat", "Chat: lines delivered", f"Each line goes to every other member. {SPREAD}",
        "bars", "deliveries/s", _rows_of(summary, rows, "rate"),
        places=[row.title for row in rows],
    )  # fmt: skip

"""The generators count what the server counts, and believe nothing that they have not compared."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest

from portable_harness.base.errors import Problem
from portable_harness.load.__main__ import measure
from portable_harness.load.build import compiler
from portable_harness.load.reports import Histogram, LoadError, Report, event, merged
from portable_harness.load.spec import Load
from tests.host.load.echo_servers import serving

SHORT: dict[str, Any] = {"warmup": 0.0, "seconds": 0.2}
Lie = Callable[[bytes], bytes]


@pytest.fixture(params=["c", "python"])
def engine(request: pytest.FixtureRequest) -> str:
    """Both generators keep the same promises."""
    if request.param == "c" and compiler() is None:
        pytest.skip("absent: no C compiler")
    return str(request.param)


@pytest.mark.parametrize(
    "load",
    [
        Load(**SHORT),
        Load(connections=5, **SHORT),
        Load(connections=3, pipeline=20, **SHORT),
        Load(connections=2, line=100_000, **SHORT),
        Load(mode="rate", rate=400, connections=3, **SHORT),
        Load(prefix="work 10 ", **SHORT),
    ],
    ids=lambda load: f"{load.mode}-{load.connections}-{load.pipeline}-{load.line}",
)
def test_it_counts_what_the_server_counts(load: Load, engine: str) -> None:
    """The server has the greetings as well, and at most what is on its way at the end."""
    with serving() as server:
        _, report = measure(load, server.where, engine)
    lines = server.received / load.line - load.connections
    assert server.connections == load.connections
    assert report.requests > 0
    assert report.requests <= lines <= report.requests + load.connections * load.pipeline
    assert report.latency.total >= report.requests
    assert 0 < report.latency.quantile(0.5) <= report.latency.quantile(0.99) <= report.latency.max


def test_churn_counts_connections(engine: str) -> None:
    load = Load(mode="churn", connections=4, **SHORT)
    with serving() as server:
        _, report = measure(load, server.where, engine)
    assert report.requests > 4
    assert 0 <= server.connections - report.requests <= 2 * load.connections + 1


def test_idle_connections_are_served_and_then_get_a_line_each(engine: str) -> None:
    load = Load(mode="idle", connections=50, **SHORT)
    with serving() as server:
        held, report = measure(load, server.where, engine)
    assert held["connections"] == server.connections == 50
    assert held["seconds"] > 0
    assert report.requests == report.latency.total == 50
    assert server.received == 2 * 50 * load.line


LIES: dict[str, Lie] = {
    "torn": lambda data: data.replace(b"xxx", b"xyx", 1),
    "cut": lambda data: data[:-2] + data[-1:],
    "lost": lambda data: data.split(b"\n", 1)[1] or data[1:],
    "twice": lambda data: data * 2,
    "of another": lambda data: data.replace(b"000000x", b"000001x"),
    "closed": lambda data: b"",
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
@pytest.mark.parametrize("mode", ["closed", "rate", "churn", "idle"])
def test_it_catches_a_server_that_lies(lie: Lie, mode: str, engine: str) -> None:
    number = itertools.count()
    turn = 3 if mode == "churn" else 1  # the others greet first

    def answer(data: bytes) -> bytes:
        return lie(data) if next(number) == turn else data

    load = Load(mode=mode, connections=1, pipeline=2, line=64, rate=500, patience=2, **SHORT)
    with serving(answer) as server, pytest.raises(LoadError) as found:
        measure(load, server.where, engine)
    assert "byte" in str(found.value) or "closed" in str(found.value) or "more" in str(found.value)


def test_silence_is_a_failure(engine: str) -> None:
    load = Load(patience=0.2, seconds=60)
    hold = itertools.count()

    def answer(data: bytes) -> bytes:
        return data if next(hold) < 3 else data[:-1]

    with serving(answer) as server, pytest.raises(LoadError, match=r"no answer for 0\.2 s"):
        measure(load, server.where, engine)


def test_nobody_there_is_said(engine: str) -> None:
    with serving() as server:
        where = server.where
    with pytest.raises(LoadError, match=f"cannot connect to 127.0.0.1:{where[1]}"):
        measure(Load(**SHORT), where, engine)


def test_reports_add_up() -> None:
    first = Report(10, 1.0, 0.5, 0.0, Histogram.from_json(
        {"counts": [[10, 10]], "total": 10, "sum": 1e-7, "max": 1e-8}))  # fmt: skip
    two = Report(30, 1.1, 0.25, 0.0, Histogram.from_json(
        {"counts": [[10, 10], [20, 20]], "total": 30, "sum": 5e-7, "max": 2e-8}))  # fmt: skip
    both = merged([first, two])
    assert (both.requests, both.seconds, both.cpu_seconds) == (40, 1.1, 0.75)
    assert both.latency.total == 40
    assert both.latency.quantile(0.5) == 1e-8
    assert both.latency.quantile(0.51) == both.latency.max == 2e-8


@pytest.mark.parametrize("value", [1, 63, 64, 1000, 123_456_789, 5_000_000_000_000])
def test_a_bucket_is_narrow(value: int) -> None:
    """As histogram.c puts it in: what comes out is 0.8% off at most."""
    power = value.bit_length() - 1
    bucket = value if value < 64 else (power - 5) * 64 + ((value >> (power - 6)) & 63)
    found = Histogram.from_json({"counts": [[bucket, 1]], "total": 1, "sum": 0, "max": 1e9})
    assert found.quantile(1.0) == pytest.approx(value / 1e9, rel=0.008)


def test_a_load_that_cannot_be_is_refused() -> None:
    with pytest.raises(Problem, match="too short"):
        Load(line=20, prefix="work 100 ")
    with pytest.raises(Problem, match="no load is called 'x'"):
        Load(mode="x")
    with pytest.raises(Problem, match="has no 'lines'"):
        Load.from_json({"lines": 3})


@pytest.mark.parametrize("line", ["", "no JSON", "[1]", '{"a": 1}'])
def test_a_generator_that_talks_nonsense_has_failed(line: str) -> None:
    with pytest.raises(LoadError, match="the generator ended"):
        event(line)

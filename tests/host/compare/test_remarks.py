"""What a comparison says besides ratios: growth, joins, failures, and what a member costs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from portable_harness.compare import growth, records
from portable_harness.compare.measurement import Measurer
from portable_harness.compare.servers import Running
from portable_harness.compare.sides import interpreter_side
from portable_harness.compare.statistics import ratio, spread
from portable_harness.compare.summarise import summarise
from portable_harness.compare.verdicts import Verdict
from portable_harness.compare.workloads import BY_NAME
from portable_harness.interpreters import Interpreter, select
from portable_harness.load.build import compiler
from portable_harness.load.generator import open_fleet
from portable_harness.remote.addresses import Address
from tests.host.compare.made import changed, results

MIB = 1 << 20


def rounds(threads: Callable[[int], int], rss: Callable[[int], int]) -> list[dict[str, Any]]:
    return [
        {"server": {"threads": threads(at), "descriptors": 20, "rss": rss(at)}} for at in range(40)
    ]


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (rounds(lambda at: 10 + at % 3, lambda at: 50 * MIB), []),
        (rounds(lambda at: 10 + at, lambda at: 50 * MIB), ["threads grew from 24.5 to 44.5"]),
        (rounds(lambda at: 10, lambda at: (50 + at) * MIB), ["rss grew from 64 MiB to 84 MiB"]),
        (rounds(lambda at: 10 + at, lambda at: 50 * MIB)[:11], []),
        ([{"server": {"threads": at}} for at in range(40)], ["threads grew from 14.5 to 34.5"]),
    ],
    ids=["noise", "threads", "memory", "too few rounds", "an older file"],
)
def test_growth_is_seen_and_noise_is_not(found: list[dict[str, Any]], said: list[str]) -> None:
    assert growth.remarks(found) == said


def test_spread_and_ratio() -> None:
    assert spread([3, 1, 2]) == (2, 1, 3)
    paired = ratio([10, 200, 30], [5, 100, 15])  # the machine changed; the ratio did not
    assert paired == pytest.approx((2, 2, 2), rel=1e-4)
    middle, low, high = ratio([1, 2, 3, 4, 5], [1, 1, 1, 1, 1])
    assert low < middle < high


def remarks(workload: str, **changes: Any) -> list[str]:
    """Of the second side, whose measurements have these values."""
    text = results(chosen=[BY_NAME[workload].as_json()])
    (row,) = summarise(records.parse(changed(text, "two", **changes))).rows
    return row.cells["two"].remarks


@pytest.mark.parametrize(("rate", "said"), [(0.71, ["generator-bound"]), (0.69, [])])
def test_near_the_ceiling_is_marked(rate: float, said: list[str]) -> None:
    text = results(chosen=[BY_NAME["chat-100"].as_json()])
    ceiling = records.parse(text).ceiling("chat-100")
    assert ceiling is not None
    assert remarks("chat-100", rate=rate * ceiling) == said


@pytest.mark.parametrize(("rate", "said"), [(0.9, ["overloaded"]), (1.0, [])])
def test_too_slow_for_the_load_is_marked(rate: float, said: list[str]) -> None:
    offered = BY_NAME["chat-rate-100"].load.offered
    assert offered == 300 * 99
    assert remarks("chat-rate-100", rate=rate * offered) == said


def test_joins_are_shown() -> None:
    assert remarks("chat-churn-max", joins_per_second=212.4)[-1] == "212 joins/s"


def test_a_failure_is_shown_and_not_counted() -> None:
    chosen = [BY_NAME["chat-100"].as_json()]
    failed = changed(results(chosen=chosen), "two", error="a torn delivery")
    (row,) = summarise(records.parse(failed)).rows
    cell = row.cells["two"]
    assert (cell.verdict, cell.rounds, cell.values) == (Verdict.FAILED, 0, {})
    assert cell.remarks == ["failed 5x: a torn delivery"]
    once = changed(results(chosen=chosen), "two", only_round=1, error="a torn delivery")
    (row,) = summarise(records.parse(once)).rows
    assert row.cells["two"].rounds == 4
    assert row.cells["two"].remarks[0] == "failed 1x: a torn delivery"


@pytest.mark.skipif(compiler() is None, reason="absent: no C compiler")
def test_a_silent_member_costs_a_thread() -> None:
    """In a design that is not the default, so that both reach the server."""
    (this,) = select(sys.executable)
    assert isinstance(this, Interpreter)
    side = interpreter_side(this, "thread-subclass", more=("--design", "global-lock"))
    whole = BY_NAME["chat-members-1000"]
    workload = replace(whole, load=replace(whole.load, connections=100))
    command = side.command(workload, "127.0.0.1")
    assert command is not None
    assert list(command)[-2:] == ["--design", "global-lock"]
    with open_fleet([Address(None)]) as fleet:
        server = Running(side, workload, "127.0.0.1")
        try:
            found = Measurer(fleet, 0.5).measure(server, workload)
        finally:
            server.stop()
    assert 0.5 < found["threads_per_connection"] < 1.5
    assert found["accept_rate"] > 0
    assert found["requests"] > 0
    assert found["server"]["descriptors"] > 100

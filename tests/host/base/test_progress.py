"""The line of a guest on a narrow terminal: what matters is there whatever its test is called."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from portable_harness.base.progress import GuestBars

WIDTH = 80


class Clock:
    """Time that the test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bars(clock: Clock) -> GuestBars:
    console = Console(file=io.StringIO(), width=WIDTH, force_terminal=True, get_time=clock)
    return GuestBars(console, ["py313", "pypy39"])


def line(bars: GuestBars) -> str:
    console = Console(file=io.StringIO(), width=WIDTH, color_system=None)
    console.print(bars._progress.get_renderable())
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()[0]


def test_a_long_test_takes_no_room_from_the_name_the_count_and_the_time_left(
    bars: GuestBars, clock: Clock
) -> None:
    bars.say("py313", "tests")
    for completed in (0, 100, 200):
        bars.move("py313", completed, 1200, f"servers/test_{'x' * 90}.py::test_y")
        clock.now += 10.0
    shown = line(bars)
    assert len(shown) <= WIDTH
    assert shown.startswith("py313 ")
    assert "200/1200" in shown
    assert " left servers/test_xx" in shown


def test_while_nothing_is_counted_the_time_it_has_taken_is_shown(
    bars: GuestBars, clock: Clock
) -> None:
    bars.say("py313", "its environment is made (only this once)")
    clock.now += 75.0
    assert "1:15 its environment is made" in line(bars)
    assert "0/0" not in line(bars)


def test_a_guest_that_is_done_has_no_time_left(bars: GuestBars, clock: Clock) -> None:
    bars.say("py313", "tests")
    bars.move("py313", 3, 3, "")
    clock.now += 5.0
    bars.end("py313", "3 pass in 5 s", "green")
    assert "left" not in line(bars)
    assert "3/3" in line(bars)

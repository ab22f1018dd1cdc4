"""A generator's program on this machine: its lines come, and it does not outlive its input."""

from __future__ import annotations

import sys
import time

import psutil
import pytest

from portable_harness.load import agent
from portable_harness.load.places import Program
from portable_harness.load.reports import LoadError

ECHO = "import sys; [print(line, end='', flush=True) for line in sys.stdin]"
DEAF = "import time; print('up', flush=True); time.sleep(600)"  # does not read its input
LIMIT = 30.0  # seconds; for what is there at once


def program(code: str) -> Program:
    return Program([sys.executable, "-c", code])


def children() -> list[psutil.Process]:
    return psutil.Process().children()


def test_words_go_in_and_lines_come_out() -> None:
    echo = program(ECHO)
    try:
        echo.tell("one\ntwo\n")
        assert [echo.line(LIMIT), echo.line(LIMIT)] == ["one\n", "two\n"]
    finally:
        echo.close()
    assert children() == []


def test_what_is_not_said_in_time_is_an_error() -> None:
    echo = program(ECHO)
    try:
        with pytest.raises(LoadError, match="the generator on local said nothing for 0 s"):
            echo.line(0.05)
    finally:
        echo.close()


def test_its_end_is_reported_each_time_and_words_to_it_are_lost() -> None:
    ended = program("print('last')")
    try:
        assert ended.line(LIMIT) == "last\n"
        for _ in range(2):
            with pytest.raises(LoadError, match="the generator on local ended"):
                ended.line(LIMIT)
        ended.tell("x" * 1_000_000)
    finally:
        ended.close()


def test_one_that_does_not_heed_the_end_of_its_input_is_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(agent, "END_LIMIT", 0.2)
    deaf = program(DEAF)
    assert deaf.line(LIMIT) == "up\n"
    begin = time.monotonic()
    deaf.close()
    assert time.monotonic() - begin < LIMIT
    assert children() == []


def test_what_cannot_be_started_is_an_error() -> None:
    with pytest.raises(LoadError, match=r"cannot be started: .*No such file"):
        Program(["/nowhere/generator"])

"""A server that computes without clients would slow the others down: it is found, and stopped."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from portable_harness.benchmarks.honesty import slowed
from portable_harness.compare.servers import Running
from portable_harness.compare.sides import interpreter_side
from portable_harness.compare.workloads import BY_NAME
from portable_harness.interpreters import Interpreter, select

TRIES = 50  # of a fifth of a second: on a busy machine a thread may not come to compute in one
Start = Callable[[Interpreter], Running]


def interpreter(path: Path | str) -> Interpreter:
    (found,) = select(str(path))
    assert isinstance(found, Interpreter)
    return found


@pytest.fixture
def start() -> Iterator[Start]:
    running: list[Running] = []

    def one(which: Interpreter) -> Running:
        side = interpreter_side(which, "thread-subclass")
        running.append(Running(side, BY_NAME["ping-pong-1"], "127.0.0.1"))
        return running[-1]

    yield one
    for server in running:
        server.stop()


def test_a_wrapper_that_burns_is_found_and_can_be_stopped(start: Start, tmp_path: Path) -> None:
    server = start(interpreter(slowed(tmp_path, interpreter(sys.executable))))
    assert any(server.computes_alone() for _ in range(TRIES))
    server.pause()
    assert not any(server.computes_alone() for _ in range(3))
    server.resume()
    assert any(server.computes_alone() for _ in range(TRIES))


def test_a_server_that_waits_is_left_alone(start: Start) -> None:
    server = start(interpreter(sys.executable))
    assert not all(server.computes_alone() for _ in range(TRIES))  # once it has begun to wait
    assert not any(server.computes_alone() for _ in range(3))


def test_one_that_has_ended_computes_no_more(start: Start) -> None:
    server = start(interpreter(sys.executable))
    psutil.Process(server._process.pid).kill()
    assert server._process.process.wait(30) != 0
    assert not server.computes_alone()

"""Our chat server on each interpreter, for the tests of what a client sees.

PORTABLE_CHAT_INTERPRETERS: names with commas instead of one of each class.
PORTABLE_CHAT_SEEDS: how many seeds each history test plays (default 1).
PORTABLE_CHAT_SECONDS: how long each plays mixed traffic (default 1.5).
An interpreter that is not here is reported as absent.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from portable_harness.base.servers import ServerProcess
from portable_harness.base.tree import TREE
from portable_harness.chat.check import portable_server_command
from portable_harness.interpreters import Absent, Interpreter, select
from portable_harness.jython import fast_command

NAMES = os.environ.get("PORTABLE_CHAT_INTERPRETERS", "py27,py313,py313t,pypy39,jython").split(",")
SEEDS = range(1, 1 + int(os.environ.get("PORTABLE_CHAT_SEEDS", "1")))
SECONDS = float(os.environ.get("PORTABLE_CHAT_SECONDS", "1.5"))

StartServer = Callable[..., ServerProcess]


@cache
def _selected(name: str) -> Interpreter | Absent:
    (found,) = select(name)
    if isinstance(found, Absent):
        return found
    return replace(found, command=fast_command(found))  # half of Jython's time is its start


def marks_of(name: str) -> list[pytest.MarkDecorator]:
    """Two interpreters are enough for every day; the others are slow, or much like them."""
    return [] if name in ("py27", "py313") else [pytest.mark.slow]


@pytest.fixture(params=[pytest.param(name, marks=marks_of(name)) for name in NAMES])
def interpreter(request: pytest.FixtureRequest) -> Interpreter:
    found = _selected(request.param)
    if isinstance(found, Absent):
        pytest.skip(f"absent: {found.name}: {found.reason}")
    return found


@pytest.fixture(params=SEEDS)
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def start(interpreter: Interpreter) -> StartServer:
    """start(*options): our chat server on this interpreter, to be used in a `with`."""

    def started(*options: str) -> ServerProcess:
        return ServerProcess(portable_server_command(interpreter, *options), cwd=TREE)

    return started

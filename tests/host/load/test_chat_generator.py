"""The chat's generator counts deliveries, and believes none that it has not compared."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from portable_harness.base.servers import ServerProcess
from portable_harness.base.tree import TREE
from portable_harness.compare.peers import chat_reference
from portable_harness.load.__main__ import measure
from portable_harness.load.build import compiler
from portable_harness.load.reports import LoadError
from portable_harness.load.spec import ChatLoad

pytestmark = pytest.mark.skipif(compiler() is None, reason="absent: no C compiler")
SMALL = ChatLoad(5, amount=4, warmup=0.2, seconds=0.3, patience=60.0)


def test_it_measures_the_reference_in_c() -> None:
    command, _ = chat_reference()
    with ServerProcess(command) as server:
        held, found = measure(SMALL, server.address, "c")
    assert held["connections"] == 5
    assert found.requests > 100
    assert 0 < found.latency.quantile(0.5) <= found.latency.quantile(0.99) <= found.latency.max
    assert 0 < found.longest_gap < found.seconds
    assert found.joins == 0


def test_it_counts_those_that_join_and_leave() -> None:
    command, _ = chat_reference()
    with ServerProcess(command) as server:
        _, found = measure(ChatLoad(5, "rate", 10, churn=2, seconds=0.5), server.address, "c")
    assert found.joins > 2


LIAR = """
import asyncio, itertools
from portable_harness.peers import asyncio_protocol_chat, room
number, honest = itertools.count(), room.message
def message(name, text):
    line = honest(name, text)
    return {lie} if next(number) == 50 else line
room.message = message
asyncio.run(asyncio_protocol_chat.main())
"""
LIES = {
    "torn": "line.replace(b'xxx', b'xyx', 1)",
    "cut": "line[:-2] + line[-1:]",
    "lost": "b''",
    "twice": "line * 2",
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
def test_it_catches_a_server_that_lies(lie: str, tmp_path: Path) -> None:
    """The asyncio peer, with one wrong line among many."""
    program = tmp_path / "liar.py"
    program.write_text(LIAR.replace("{lie}", lie))
    environment = {**os.environ, "PYTHONPATH": str(TREE)}
    with (
        ServerProcess([sys.executable, str(program)], env=environment) as server,
        pytest.raises(LoadError, match="delivery"),
    ):
        measure(SMALL, server.address, "c")

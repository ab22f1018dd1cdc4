"""The judge of chats against other people's kind of server: the peers, good and broken ones."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from portable_harness.base.servers import ServerProcess
from portable_harness.base.tree import TREE
from portable_harness.chat import workload
from portable_harness.chat.check import check

PEERS = ("asyncio_streams", "asyncio_protocol", "lock_sendall", "writer_threads")
BROKEN = {
    "forgets the leave": ("room.left = lambda name: b''", "leave-missing"),
    "tells no join": ("room.entered = lambda name: b''", "join-missing"),
    "empty list": ("room.member_list = lambda names: b'* The room contains: \\n'", "member-list"),
    "cuts lines": (
        "say = room.message\nroom.message = lambda n, t: say(n, t[:200])",
        "torn",
    ),
    "lets all names in": ("room.refusal = lambda name, names: b''", "bad-name-accepted"),
    "echoes": (
        (
            "def tell(self, line):\n"
            "    for transport in list(asyncio_protocol_chat.members.values()):\n"
            "        transport.write(line)\n"
            "asyncio_protocol_chat.Chat.tell_others = tell"
        ),
        "echo",
    ),
    "hides an order": (
        (
            "import random\n"
            "def tell(self, line):\n"
            "    loop = asyncio.get_running_loop()\n"
            "    for name, transport in asyncio_protocol_chat.members.items():\n"
            "        if name != self.name:\n"
            "            loop.call_later(random.random() / 50, transport.write, line)\n"
            "asyncio_protocol_chat.Chat.tell_others = tell"
        ),
        "order",
    ),
}


@pytest.mark.parametrize("peer", PEERS)
def test_correct_servers_of_every_make_pass(peer: str) -> None:
    command = [sys.executable, "-m", f"portable_harness.peers.{peer}_chat"]
    with ServerProcess(command, cwd=TREE) as server:
        outcome = check(server.address, workload.mixed(3, clients=12, seconds=1.0))
    assert outcome.verdict.faults == []
    assert outcome.verdict.deliveries > 500


@pytest.mark.parametrize(("change", "kind"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_servers_are_found(change: str, kind: str, tmp_path: Path) -> None:
    """The asyncio peer with one thing changed."""
    program = tmp_path / "broken.py"
    program.write_text(
        "import asyncio\nfrom portable_harness.peers import asyncio_protocol_chat, room\n"
        f"{change}\nasyncio.run(asyncio_protocol_chat.main())\n"
    )
    env = {**os.environ, "PYTHONPATH": str(TREE)}
    with ServerProcess([sys.executable, str(program)], env=env) as server:
        played = workload.mixed(1, clients=10, seconds=1.0)
        verdict = check(server.address, played, patience=2.0).verdict
    assert kind in verdict.kinds

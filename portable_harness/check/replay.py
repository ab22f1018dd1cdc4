"""Play a saved transcript again: the same clients do the same, each when it had seen as much.

Before a client does its next step, every client must have received as many bytes as it had
received then (or its end, or the patience is over): so the conversation keeps its order without
any clock. What comes now is compared with what came then.
"""

from __future__ import annotations

import contextlib
import time
from collections import defaultdict
from typing import Any

from portable_harness.check import transcript as t
from portable_harness.check.conversation import Client
from portable_harness.check.model import Broken, Room


def replay(room: Room, steps: list[dict[str, Any]]) -> dict[int, tuple[bytes, bytes]]:
    """For each client (what came then, what came now)."""
    then: dict[int, bytes] = defaultdict(bytes)
    with contextlib.ExitStack() as stack:
        clients: dict[int, Client] = {}
        now: dict[int, bytearray] = defaultdict(bytearray)
        for step in steps:
            number, did, data = step["client"], step["did"], step["data"].encode("latin-1")
            if did == t.RECEIVED:
                then[number] += data
            elif did == t.CONNECT:
                _catch_up(room, clients, then, now)
                clients[number] = stack.enter_context(Client(room, f"client {number}"))
            elif did in t.DONE_BY_CLIENTS:
                _catch_up(room, clients, then, now)
                _do(clients[number], did, data)
        _catch_up(room, clients, then, now)
        return {number: (then[number], bytes(now[number])) for number in clients}


def _do(client: Client, did: str, data: bytes) -> None:
    with contextlib.suppress(Broken):
        if did == t.SEND:
            client.send(data)
        else:
            getattr(client, did.replace("-", "_"))()


def _catch_up(
    room: Room, clients: dict[int, Client], then: dict[int, bytes], now: dict[int, bytearray]
) -> None:
    deadline = time.monotonic() + room.patience
    for number, client in clients.items():
        while len(now[number]) < len(then[number]) and not client.ended:
            if client.socket.fileno() < 0 or time.monotonic() > deadline:
                break
            with contextlib.suppress(Broken):
                now[number] += client.available("what came then")

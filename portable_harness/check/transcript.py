"""What was sent and what came, in order, so that a failure can be read and played again.

A transcript is a list of steps ``{"client", "did", "data"}``: what clients *did* (connect, send,
half-close, close, reset) and what *came* (received, ended). On disk it is JSON lines after a
header that names the check, the seed and the server. Bytes are written as latin-1 text, which
keeps every byte and leaves ASCII readable.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from portable_harness.base.errors import Problem
from portable_harness.base.reading import decoded
from portable_harness.chat.history import History

FORMAT = "portable-server check transcript 1"
CONNECT, SEND, HALF_CLOSE, CLOSE, RESET = "connect", "send", "half-close", "close", "reset"
RECEIVED, ENDED = "received", "ended"
DONE_BY_CLIENTS = (CONNECT, SEND, HALF_CLOSE, CLOSE, RESET)
KEPT = 2_000  # steps; a check that talks more than this is repeated by its seed
SHOWN = 200  # bytes of one piece


class Transcript:
    """Steps in the order in which they happened; safe to use from several threads."""

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []
        self.dropped = 0
        self.last_done = "nothing yet"  # by any client, in words: what provoked the next that comes
        self.history: History | None = None  # what many clients saw, where the check records it
        self._lock = threading.Lock()
        self._clients = 0
        self._who: dict[int, str] = {}
        self._sent: dict[int, str] = {}

    def new_client(self, who: str = "client") -> int:
        """The number of the next client."""
        with self._lock:
            self._clients += 1
            self._who[self._clients] = who
            return self._clients

    def note(self, client: int, did: str, data: bytes = b"") -> None:
        """One step; beyond KEPT steps only their number is kept."""
        with self._lock:
            if did == SEND:
                self._sent[client] = shown(data)
            if did in (SEND, HALF_CLOSE, CLOSE, RESET):
                said = self._sent.get(client, "nothing")
                what = said if did == SEND else f"{did} (before that {said})"
                self.last_done = f"{self._who.get(client)}: {what}"
            if len(self.steps) >= KEPT:
                self.dropped += 1
                return
            self.steps.append({"client": client, "did": did, "data": data.decode("latin-1")})


def save(path: Path, header: dict[str, Any], steps: Iterable[dict[str, Any]]) -> None:
    """Write a header and steps as JSON lines."""
    rows = [{"format": FORMAT, **header}, *steps]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def load(path: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Header and steps; :raises Problem: when the file is no transcript."""
    try:
        rows = [decoded(line) for line in path.read_text(encoding="utf-8").splitlines()]
    except OSError as error:
        raise Problem(f"cannot read {path}: {error.strerror}") from None
    except ValueError:
        rows = []
    if not rows or not isinstance(rows[0], dict) or rows[0].get("format") != FORMAT:
        raise Problem(f"{path} is no transcript", "check ... --output-dir DIR writes them")
    return rows[0], rows[1:]


def shown(data: bytes) -> str:
    """Bytes for people: quoted, cut in the middle where long."""
    if len(data) > SHOWN:
        return f"{data[:80]!r} ... {data[-40:]!r} ({len(data):,} bytes)"
    return repr(data)

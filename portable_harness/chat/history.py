"""A recorded history of a chat server: what clients did and what they saw, on one clock.

A history is a header (how it was made) and events in the order in which one recorder process
noted them.  On disk it is JSON lines: the header first, then one event a line, so that a file
can be read with any tool, cut down by hand to a counter-example, and judged again.

Times are seconds on the recorder's monotonic clock, from the start of the recording.  Two rules
make them safe to reason with: what a client *does* is stamped before the system call, what it
*sees* after it.  So when A was seen before B was done, A did happen before B.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from portable_harness.base.reading import decoded

FORMAT = 1

# What a client does (stamped before the system call that does it):
CONNECT = "connect"  # the connection is asked for
NAME = "name"  # the name line, its end of line included, is handed to the kernel; text: the name
SAY = "say"  # a line, its end of line included, is handed to the kernel; text: the line
UNFINISHED = "unfinished"  # left with this begun, and no end of line ever sent; text: the piece
STALL = "stall"  # the client stops reading
LEAVE = "leave"  # text: one of LEAVES
# What a client sees (stamped after the system call):
RECEIVED = "received"  # text: one line without its end of line
TAIL = "tail"  # text: bytes after the last end of line, when the stream ended
ENDED = "ended"  # the server ended the connection; text: one of ENDS
# What happens to the whole recording (client is EVERYBODY):
STOP = "stop"  # the server was asked to stop
FINISHED = "finished"  # every member still there has seen all it was owed, or patience ran out

DOES = frozenset({CONNECT, NAME, SAY, UNFINISHED, STALL, LEAVE})
SEES = frozenset({RECEIVED, TAIL, ENDED})
KINDS = DOES | SEES | {STOP, FINISHED}

EVERYBODY = -1

HALF_CLOSE = "half-close"  # shut down for writing, reads on until the server closes
CLOSE = "close"
RESET = "reset"  # SO_LINGER 0: the server sees ECONNRESET
LEAVES = frozenset({HALF_CLOSE, CLOSE, RESET})
ENDS = frozenset({"eof", "reset"})


class HistoryError(ValueError):
    """The history itself cannot be judged (a fault of the recording, not of the server)."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that client number `client` did or saw at `time` (seconds)."""

    time: float
    client: int
    kind: str
    text: str = ""


@dataclass(frozen=True)
class Header:
    """How a history was recorded, as far as its judgement depends on it.

    `latency_limit`: seconds that a delivery to a reading member may take at most, or None when
    the recording did not look at time.  `cut_off_after`: bytes owed to a member that does not
    read, after which it must have been cut off, or None when the server's bound is not known.
    """

    seed: int = 0
    server: str = ""
    latency_limit: float | None = None
    cut_off_after: int | None = None
    format: int = FORMAT


@dataclass
class History:
    """A header and the events in the order of the recorder's clock."""

    header: Header = field(default_factory=Header)
    events: list[Event] = field(default_factory=list)

    def note(self, time: float, client: int, kind: str, text: str = "") -> None:
        self.events.append(Event(time, client, kind, text))


def dump(history: History, stream: IO[str]) -> None:
    """Write `history` as JSON lines."""
    stream.write(json.dumps(asdict(history.header)) + "\n")
    for event in history.events:
        row: dict[str, Any] = {"time": round(event.time, 6), "client": event.client}
        row |= {"event": event.kind}
        if event.text:
            row["text"] = event.text
        stream.write(json.dumps(row) + "\n")


def load(stream: Iterable[str]) -> History:
    """Read what `dump` wrote; raises HistoryError, with the line number, for anything else."""
    rows = _rows(stream)
    try:
        _, first = next(rows)
    except StopIteration:
        raise HistoryError("line 1: the header is missing (the file is empty)") from None
    if first.get("format") != FORMAT:
        raise HistoryError(f"line 1: not the header of a history of format {FORMAT}")
    history = History(Header(**{k: v for k, v in first.items() if k in Header.__annotations__}))
    for number, row in rows:
        history.events.append(_event(number, row))
    return history


def save(history: History, path: Path) -> None:
    with path.open("w", encoding="utf-8") as stream:
        dump(history, stream)


def _rows(stream: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            row = decoded(line)
        except ValueError as problem:
            raise HistoryError(f"line {number}: not JSON: {problem}") from None
        if not isinstance(row, dict):
            raise HistoryError(f"line {number}: not an object")
        yield number, row


def _event(number: int, row: dict[str, Any]) -> Event:
    try:
        event = Event(float(row["time"]), int(row["client"]), row["event"], row.get("text", ""))
    except (KeyError, TypeError, ValueError):
        raise HistoryError(f"line {number}: an event needs time, client and event") from None
    if event.kind not in KINDS:
        raise HistoryError(f"line {number}: no event is called {event.kind!r}")
    return event

"""Events sorted by connection: what each client did, saw, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass, field

from portable_harness.chat import history as h
from portable_harness.chat.lines import Line, parse

ONCE = {h.NAME: "named", h.LEAVE: "left", h.ENDED: "ended"}  # events that a connection has once
CARRIED = 1_000  # characters of a line that every server must carry; beyond it may cut off


@dataclass(frozen=True, slots=True)
class Stamped:
    """A text with the time at which it was said, or received."""

    time: float
    text: str


@dataclass(slots=True)
class Seen:
    """A received line, by kind."""

    time: float
    line: Line
    raw: str


@dataclass
class Connection:
    """One client's side of the history."""

    number: int
    connected: float = 0.0
    named: Stamped | None = None
    said: list[Stamped] = field(default_factory=list)
    unfinished: str = ""
    seen: list[Seen] = field(default_factory=list)
    tail: str = ""
    stalled: float | None = None
    left: Stamped | None = None
    ended: Stamped | None = None

    @property
    def name(self) -> str | None:
        return self.named.text if self.named else None

    @property
    def listed(self) -> float | None:
        """When it received the member list, the proof that it has joined; None if never."""
        return next((seen.time for seen in self.seen if seen.line.kind == "room"), None)

    @property
    def closing(self) -> bool:
        """It received the notice that the server is closing."""
        return any(seen.line.kind == "closing" for seen in self.seen)

    @property
    def refused(self) -> float | None:
        """When a `!` line answered its name instead of the member list; None if none did."""
        answer = next((s for s in self.seen if s.line.kind in ("refusal", "room")), None)
        return answer.time if answer and answer.line.kind == "refusal" else None

    @property
    def stayed(self) -> bool:
        """Neither side ended it and it never stopped reading: it is owed everything."""
        return self.left is None and self.ended is None and self.stalled is None

    @property
    def misbehaved(self) -> bool:
        """The server had a reason to cut it off: it stopped reading, or never ended a line."""
        return self.stalled is not None or len(self.unfinished) > CARRIED


@dataclass
class Recording:
    """Every connection by its number, and what happened to the whole."""

    header: h.Header
    connections: dict[int, Connection]
    stopped: float | None
    finished: float

    @property
    def everybody(self) -> list[Connection]:
        return list(self.connections.values())


def observe(history: h.History) -> Recording:
    """Sort the events of `history`; raises HistoryError where they contradict one another."""
    recording = Recording(history.header, {}, None, 0.0)
    for event in history.events:
        if event.time < recording.finished:
            raise h.HistoryError(f"time runs backwards at {event.time}")
        recording.finished = event.time
        if event.client == h.EVERYBODY:
            if event.kind == h.STOP:
                recording.stopped = event.time
            continue
        _apply(event, _connection(recording, event))
    return recording


def _connection(recording: Recording, event: h.Event) -> Connection:
    known = recording.connections.get(event.client)
    if (known is None) != (event.kind == h.CONNECT):
        raise h.HistoryError(f"client {event.client} must connect once and first ({event})")
    if known is None:
        known = recording.connections[event.client] = Connection(event.client, event.time)
    return known


def _apply(event: h.Event, connection: Connection) -> None:
    stamped = Stamped(event.time, event.text)
    if event.kind == h.SAY:
        connection.said.append(stamped)
    elif event.kind == h.RECEIVED:
        connection.seen.append(Seen(event.time, parse(event.text), event.text))
    elif event.kind == h.STALL:
        connection.stalled = event.time
    elif event.kind in (h.UNFINISHED, h.TAIL):
        setattr(connection, event.kind, event.text)
    elif event.kind != h.CONNECT:
        setattr(connection, ONCE[event.kind], stamped)

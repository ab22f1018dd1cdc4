"""A recording made ready for judgement: views, who is who, the witness, the total order.

The *witness* is a member that joined before anyone else asked to, never spoke, always read, and
stayed: its view is the whole order.  Without one, "was this message before or after that join?"
can have no answer, so a recording without one is refused rather than judged by guesses.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from portable_harness.chat.faults import Fault
from portable_harness.chat.history import HistoryError
from portable_harness.chat.lines import Line, is_certainly_invalid
from portable_harness.chat.observation import Connection, Recording, Seen
from portable_harness.chat.order import Item, Merged, merge

CLOSING = Item("closing", "")


@dataclass
class View:
    """What one connection saw of the room: each item once, in order, with its time."""

    connection: Connection
    items: list[Item] = field(default_factory=list)
    times: dict[Item, float] = field(default_factory=dict)


@dataclass
class Case:
    """Everything that the rules look at."""

    recording: Recording
    holders: dict[str, Connection]
    witness: Connection
    views: dict[int, View]
    merged: Merged
    positions: dict[Item, int]
    faults: list[Fault]

    def is_own(self, item: Item, connection: Connection) -> bool:
        return item.kind != "closing" and self.holders.get(item.name) is connection

    def first_seen(self) -> dict[Item, float]:
        """When anybody first saw each item."""
        first: dict[Item, float] = {}
        for view in self.views.values():
            for item, time in view.times.items():
                first[item] = min(time, first.get(item, time))
        return first


def prepare(recording: Recording) -> Case:
    """Translate every line into items; raises HistoryError where nothing can be concluded."""
    faults: list[Fault] = []
    holders = _holders(recording, faults)
    translator = _Translator(holders, faults)
    views = {c.number: translator.view(c) for c in recording.everybody}
    witness = _witness(recording)
    merged = merge({number: view.items for number, view in views.items()})
    positions = merged.positions
    if merged.cycle:  # the witness alone still tells who was there when
        positions = {item: i for i, item in enumerate(views[witness.number].items)}
    return Case(recording, holders, witness, views, merged, positions, faults)


def _witness(recording: Recording) -> Connection:
    joined = [c for c in recording.everybody if c.listed is not None]
    named = sorted(c.named.time for c in recording.everybody if c.named)
    for connection in sorted(joined, key=lambda c: c.listed or 0.0):
        first = len(named) == 1 or (connection.listed or 0.0) <= named[1]
        silent = not connection.said and connection.left is None and connection.stalled is None
        if first and silent:
            return connection
    raise HistoryError("no witness: a silent member that joined first, always read, and stayed")


def _holders(recording: Recording, faults: list[Fault]) -> dict[str, Connection]:
    """The connection that holds (or may have held) each name."""
    candidates: dict[str, list[Connection]] = defaultdict(list)
    for c in recording.everybody:
        if c.name is not None and c.refused is None and not is_certainly_invalid(c.name):
            candidates[c.name].append(c)
    holders = {}
    for name, rivals in candidates.items():
        rivals.sort(key=lambda c: (c.listed is None, c.listed or c.connected))
        holders[name] = rivals[0]
        for first, second in pairwise(rivals):
            _judge_rivals(name, first, second, faults)
    return holders


def _judge_rivals(name: str, first: Connection, second: Connection, faults: list[Fault]) -> None:
    if second.listed is None:
        if second.left is None:
            return  # never answered: the rule on names says so
        raise HistoryError(f"{name!r} was asked for twice and one did not wait for the answer")
    gone = min((s.time for s in (first.left, first.ended) if s), default=float("inf"))
    if gone < second.listed:
        raise HistoryError(f"{name!r} was held twice, one after the other: use each name once")
    faults.append(Fault("name-held-twice", second.number, f"{name} is client {first.number} too"))


class _Translator:
    """Turns received lines into items, and notes the lines that are none."""

    def __init__(self, holders: dict[str, Connection], faults: list[Fault]) -> None:
        self.holders = holders
        self.faults = faults
        self.said: dict[tuple[str, str], int] = {}
        for name, holder in holders.items():
            for index, said in enumerate(holder.said):
                if (name, said.text) in self.said:
                    raise HistoryError(f"{name!r} said {said.text!r} twice: use each text once")
                self.said[name, said.text] = index

    def view(self, connection: Connection) -> View:
        view = View(connection)
        greeted = in_room = False
        for seen in connection.seen:
            if not greeted and seen.line.kind != "room":
                greeted = True
            elif seen.line.kind == "room":
                self._room(connection, greeted, in_room)
                greeted = in_room = True
            elif seen.line.kind != "refusal" and (item := self._item(connection, seen)):
                self._place(view, seen, item, in_room)
        return view

    def _fault(
        self, kind: str, connection: Connection, detail: str, line: Line | None = None
    ) -> None:
        self.faults.append(Fault(kind, connection.number, detail, line))

    def _room(self, connection: Connection, greeted: bool, again: bool) -> None:
        if not greeted:
            self._fault("no-greeting", connection, "the member list was the first line")
        if again:
            self._fault("list-twice", connection, "a second member list")
        if connection.name is None:
            self._fault("not-joined", connection, "a member list for one who gave no name")

    def _item(self, connection: Connection, seen: Seen) -> Item | None:
        line = seen.line
        if line.kind == "closing":
            return CLOSING
        if line.kind == "other":
            self._fault("torn", connection, f"{seen.raw[:80]!r}")
            return None
        holder = self.holders.get(line.name)
        if holder is None:
            kind = "invented" if line.kind == "message" else "phantom"
            self._fault(kind, connection, f"{seen.raw[:80]!r}: nobody joined by that name")
            return None
        if holder is connection:
            self._fault("echo", connection, f"{seen.raw[:80]!r}")
            return None
        return self._of_member(connection, seen, holder)

    def _of_member(self, connection: Connection, seen: Seen, holder: Connection) -> Item | None:
        line = seen.line
        if line.kind != "message":
            began = holder.named.time if holder.named else 0.0
            index: int | None = 0
        else:
            index = self.said.get((line.name, line.text))
            began = holder.said[index].time if index is not None else float("inf")
        if index is None or seen.time < began:
            kind = "torn" if index is None and _is_piece(holder, line.text) else "invented"
            self._fault(kind, connection, f"{seen.raw[:80]!r}", line)
            return None
        return Item("say" if line.kind == "message" else line.kind, line.name, index)

    def _place(self, view: View, seen: Seen, item: Item, in_room: bool) -> None:
        connection = view.connection
        if not in_room and item.kind != "closing":
            kind = "before-list" if connection.listed is not None else "not-joined"
            self._fault(kind, connection, f"{seen.raw[:80]!r}")
        elif CLOSING in view.times:
            pass  # what comes after the notice is promised to nobody, and in no order
        elif item in view.times:
            self._fault("duplicate", connection, f"{item}")
        else:
            view.items.append(item)
            view.times[item] = seen.time


def _is_piece(holder: Connection, text: str) -> bool:
    """A piece of something that the sender did begin, as torn and run-together lines are."""
    whole = [said.text for said in holder.said] + [holder.unfinished]
    return any(text and (text in line or (line and line in text)) for line in whole)

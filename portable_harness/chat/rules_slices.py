"""Rows 59 and 62: each member saw exactly the slice of the order between its join and leave.

How far a member's view must reach is decided from outside:
- it stayed, reading, to the end of the recording: to the end;
- it received the notice that the server is closing: up to that line, a position like another;
- it left or was cut off: nobody outside knows how much was on its way, so only that the view is
  a gap-free beginning of its slice: up to the last item that it did receive.
What a member said was certainly accepted if it stayed, or half-closed and read on to the orderly
end.  After a close, a reset or a cut-off the server may never have read it; then any beginning of
what it said may have been accepted (and what anyone saw, everyone must have seen).
"""

from __future__ import annotations

from collections.abc import Iterator

from portable_harness.chat import history as h
from portable_harness.chat.case import Case, View
from portable_harness.chat.faults import Fault
from portable_harness.chat.lines import names_in_room
from portable_harness.chat.observation import Connection
from portable_harness.chat.order import Item


def slices(case: Case) -> Iterator[Fault]:
    """No gap, and nothing from outside (rows 59 and 62)."""
    order = sorted(case.positions, key=case.positions.__getitem__)
    for view in case.views.values():
        if view.connection.listed is not None:
            yield from _slice(case, view, order)


def _slice(case: Case, view: View, order: list[Item]) -> Iterator[Fault]:
    connection = view.connection
    start = _start(case, view)
    own_leave = case.positions.get(Item("leave", connection.name or ""), len(order))
    for item in view.items:
        if not start <= case.positions.get(item, start) <= own_leave:
            yield Fault("outside-slice", connection.number, f"{item} is not in its slice")
    for item in order[max(start, 0) : _end(case, view, len(order))]:
        if item not in view.times and not case.is_own(item, connection):
            kind = "lost" if item.kind == "say" else "notice-lost"
            if item.kind != "closing":
                yield Fault(kind, connection.number, f"{item} at {case.positions[item]}")


def _start(case: Case, view: View) -> int:
    """The position of its join; before everything for the first member, whose join none saw."""
    connection = view.connection
    if connection is case.witness:
        return -1
    first = min((case.positions[i] for i in view.items if i in case.positions), default=-1)
    return case.positions.get(Item("join", connection.name or ""), first)


def _end(case: Case, view: View, everything: int) -> int:
    """One past the last position that its view must contain."""
    if view.connection.stayed and case.recording.stopped is None:
        return everything
    return 1 + max((case.positions[i] for i in view.items if i in case.positions), default=-1)


def accepted(case: Case) -> Iterator[Fault]:
    """What was certainly accepted, and what precedes an accepted line, was seen (row 59)."""
    for name, holder in case.holders.items():
        if holder.listed is None and Item("join", name) not in case.positions:
            continue
        seen = [Item("say", name, i) in case.positions for i in range(len(holder.said))]
        owed = len(seen) if _all_accepted(case, holder) else _last_true(seen)
        for index in range(owed):
            if not seen[index]:
                yield Fault("lost", holder.number, f"{name}'s line {index} reached nobody")


def _all_accepted(case: Case, holder: Connection) -> bool:
    if case.recording.stopped is not None or holder.misbehaved:
        return False
    half_closed = holder.left is not None and holder.left.text == h.HALF_CLOSE
    ended_well = holder.ended is not None and holder.ended.text == "eof"
    return holder.stayed or (half_closed and ended_well)


def _last_true(flags: list[bool]) -> int:
    return max((i + 1 for i, flag in enumerate(flags) if flag), default=0)


def member_lists(case: Case) -> Iterator[Fault]:
    """The list is exactly the others that were there at the position of the join (row 62)."""
    for view in case.views.values():
        connection = view.connection
        own_join = Item("join", connection.name or "")
        if connection.listed is None:
            continue
        if connection is not case.witness and own_join not in case.positions:
            continue
        text = next(s.line.text for s in connection.seen if s.line.kind == "room")
        got = sorted(names_in_room(text))
        want = sorted(_present(case, connection))
        if got != want:
            wrong = f"too many: {_minus(got, want)}, missing: {_minus(want, got)}"
            yield Fault("member-list", connection.number, wrong)


def _present(case: Case, connection: Connection) -> set[str]:
    if connection is case.witness:
        return set()
    here = case.positions[Item("join", connection.name or "")]
    names = {case.witness.name or ""}
    for item, position in case.positions.items():
        if item.kind == "join" and position < here:
            names.add(item.name)
    for item, position in case.positions.items():
        if item.kind == "leave" and position < here:
            names.discard(item.name)
    return names


def _minus(some: list[str], others: list[str]) -> list[str]:
    rest = list(some)
    for name in others:
        if name in rest:
            rest.remove(name)
    return rest

"""Rows 60 and 61: per-sender order, one total order, and no effect before its cause."""

from __future__ import annotations

from collections.abc import Iterator

from portable_harness.chat.case import Case, View
from portable_harness.chat.faults import Fault
from portable_harness.chat.order import Item


def fifo(case: Case) -> Iterator[Fault]:
    """Each member sees one sender's messages with rising indexes (row 60)."""
    for number, view in case.views.items():
        highest: dict[str, int] = {}
        for item in view.items:
            if item.kind != "say":
                continue
            if item.line < highest.get(item.name, -1):
                yield Fault("fifo", number, f"{item} after line {highest[item.name]}")
            highest[item.name] = max(item.line, highest.get(item.name, -1))


def one_order(case: Case) -> Iterator[Fault]:
    """All views fit into one order (row 61): the merged graph has no cycle."""
    if cycle := case.merged.cycle:
        shown = "; ".join(f"client {e.client} saw {e.before} before {e.after}" for e in cycle[:6])
        yield Fault("order", cycle[0].client, shown)


def causality(case: Case) -> Iterator[Fault]:
    """What was seen before something began stands before it in the order (row 61).

    Both times are the recorder's, and rounded to the safe side, so a server that gives positions
    when it accepts things cannot break this.
    """
    first_seen = case.first_seen()
    latest: tuple[float, Item] | None = None
    for item in case.positions:
        if latest and first_seen[item] < latest[0]:
            detail = f"{item} was seen before {latest[1]} began, but stands after it"
            yield Fault("causality", case.witness.number, detail)
        began = _began(case, item)
        if began is not None and (latest is None or began > latest[0]):
            latest = began, item


def _began(case: Case, item: Item) -> float | None:
    """When the client began what the item tells; None where the server itself may have begun it."""
    holder = case.holders.get(item.name)
    if holder is None:
        return None
    if item.kind == "say":
        return holder.said[item.line].time
    if item.kind == "join":
        return holder.named.time if holder.named else None
    cut_off = holder.misbehaved or holder.ended is not None or holder.left is None
    return None if cut_off or not holder.left else holder.left.time


def own_places(case: Case) -> Iterator[Fault]:
    """Each member's messages stand between its own join and leave (row 62)."""
    for item, position in case.positions.items():
        if item.kind != "say":
            continue
        join = case.positions.get(Item("join", item.name), -1)
        leave = case.positions.get(Item("leave", item.name), position)
        if not join < position <= leave:
            side = "its sender joined" if position < join else "its sender left"
            yield Fault("outside-slice", _someone(case, item), f"{item} and {side}: wrong order")


def _someone(case: Case, item: Item) -> int:
    views: list[View] = [view for view in case.views.values() if item in view.times]
    return views[0].connection.number

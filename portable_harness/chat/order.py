"""One total order out of many partial views.

Each member saw a sequence of items (messages, joins, leaves).  "A directly before B" is an edge;
the server kept its promise of one order for all exactly if the graph of all members' edges has
no cycle, and then any topological order of it is a witness.  A cycle is a proof of the contrary
that a person can check: each of its edges names the member who saw it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple


class Item(NamedTuple):
    """One position of the total order: kind is say, join, leave or closing.

    `line` counts the messages of a sender from 0 (0 for the other kinds).
    """

    kind: str
    name: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.name}'s line {self.line}" if self.kind == "say" else " ".join(self[:2])


class Edge(NamedTuple):
    """`client` saw `before` directly before `after`."""

    before: Item
    after: Item
    client: int


class Merged(NamedTuple):
    """Position by item, and a cycle's edges if there is one (then only what precedes it)."""

    positions: dict[Item, int]
    cycle: list[Edge]


def merge(views: Mapping[int, Sequence[Item]]) -> Merged:
    """Merge each client's view (no item twice in one view) into one order, or find a cycle."""
    successors: dict[Item, dict[Item, int]] = {item: {} for view in views.values() for item in view}
    for client, view in views.items():
        for before, after in pairwise(view):
            successors[before].setdefault(after, client)
    positions = _topological(successors)
    left_over = [item for item in successors if item not in positions]
    return Merged(positions, _cycle(successors, left_over) if left_over else [])


def _topological(successors: dict[Item, dict[Item, int]]) -> dict[Item, int]:
    """Kahn's algorithm; items on a cycle or after one get no position."""
    waiting_for = dict.fromkeys(successors, 0)
    for after in successors.values():
        for item in after:
            waiting_for[item] += 1
    ready = deque(item for item, count in waiting_for.items() if not count)
    positions: dict[Item, int] = {}
    while ready:
        item = ready.popleft()
        positions[item] = len(positions)
        for after_item in successors[item]:
            waiting_for[after_item] -= 1
            if not waiting_for[after_item]:
                ready.append(after_item)
    return positions


def _cycle(successors: dict[Item, dict[Item, int]], items: Iterable[Item]) -> list[Edge]:
    """Walk back from any leftover item: each has a leftover predecessor, so the walk closes."""
    leftover = set(items)
    back: dict[Item, Edge] = {}
    for before in leftover:
        for after, client in successors[before].items():
            if after in leftover:
                back[after] = Edge(before, after, client)
    walk: dict[Item, int] = {}
    item = next(iter(leftover))
    while item not in walk:
        walk[item] = len(walk)
        item = back[item].before
    return _around(back, item)


def _around(back: dict[Item, Edge], start: Item) -> list[Edge]:
    edges = [back[start]]
    while edges[-1].before != start:
        edges.append(back[edges[-1].before])
    return edges[::-1]

"""Single corruptions of a valid history that can be seen from outside, each by name.

Each takes the history and a source of chance, and gives the corrupted one, or None where the
history offers no place for it.  Places are chosen so that the fault is decidable: a line that
only a vanished client saw last, for example, may rightly be missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from random import Random

from portable_harness.chat import history as h
from portable_harness.chat.lines import parse

Corruption = Callable[[h.History, Random], h.History | None]
ROOM = ("message", "join", "leave")


def _stayers(history: h.History) -> set[int]:
    gone = {e.client for e in history.events if e.kind in (h.LEAVE, h.ENDED, h.STALL)}
    return {e.client for e in history.events if e.client >= 0} - gone


def _places(history: h.History, *kinds: str, stayers: bool = True) -> list[int]:
    """Where a client received a line of one of these kinds."""
    among = _stayers(history) if stayers else {e.client for e in history.events}
    return [
        i
        for i, e in enumerate(history.events)
        if e.kind == h.RECEIVED and e.client in among and parse(e.text).kind in kinds
    ]


def _pick(places: list[int], random: Random) -> int | None:
    return random.choice(places) if places else None


def _with(history: h.History, events: list[h.Event]) -> h.History:
    return h.History(history.header, events)


def drop(history: h.History, random: Random) -> h.History | None:
    """A line that others saw too (what one alone saw may never have been accepted)."""
    seen = Counter(e.text for e in history.events if e.kind == h.RECEIVED)
    places = [i for i in _places(history, *ROOM) if seen[history.events[i].text] > 1]
    at = _pick(places, random)
    return None if at is None else _with(history, history.events[:at] + history.events[at + 1 :])


def repeat(history: h.History, random: Random) -> h.History | None:
    at = _pick(_places(history, *ROOM, stayers=False), random)
    return None if at is None else _with(history, history.events[: at + 1] + history.events[at:])


def tear(history: h.History, random: Random) -> h.History | None:
    at = _pick(_places(history, *ROOM, stayers=False), random)
    if at is None:
        return None
    event = history.events[at]
    torn = replace(event, text=event.text[: random.randrange(1, len(event.text))])
    return _with(history, [*history.events[:at], torn, *history.events[at + 1 :]])


def swap(history: h.History, random: Random) -> h.History | None:
    """Two lines that a member other than the witness saw one after the other."""
    places = [i for i in _places(history, *ROOM) if history.events[i].client != 0]
    pairs = [(a, b) for a, b in pairwise(places) if _same(history, a, b)]
    if not pairs:
        return None
    one, two = random.choice(pairs)
    events = list(history.events)
    first, second = events[one], events[two]
    events[one], events[two] = replace(first, text=second.text), replace(second, text=first.text)
    return _with(history, events)


def _same(history: h.History, one: int, two: int) -> bool:
    return history.events[one].client == history.events[two].client


def invent(history: h.History, random: Random) -> h.History | None:
    at = _pick(_places(history, *ROOM, stayers=False), random)
    if at is None:
        return None
    new = replace(history.events[at], text="[w] never said")
    return _with(history, [*history.events[: at + 1], new, *history.events[at + 1 :]])


def echo(history: h.History, random: Random) -> h.History | None:
    """A member gets its own line back."""
    at = _pick(_places(history, "message"), random)
    if at is None:
        return None
    name = parse(history.events[at].text).name
    sender = next(e.client for e in history.events if e.kind == h.NAME and e.text == name)
    if sender not in _stayers(history):
        return None
    new = replace(history.events[at], client=sender)
    return _with(history, [*history.events[: at + 1], new, *history.events[at + 1 :]])


def forget_in_list(history: h.History, random: Random) -> h.History | None:
    """A name is missing in a member list."""
    lists = _places(history, "room", stayers=False)
    at = _pick([i for i in lists if history.events[i].client], random)
    if at is None:
        return None
    event = history.events[at]
    head, _, names = event.text.partition(": ")
    rest = names.split(", ")
    rest.remove(random.choice(rest))
    shorter = replace(event, text=f"{head}: {', '.join(rest)}")
    return _with(history, [*history.events[:at], shorter, *history.events[at + 1 :]])


def cut_off(history: h.History, random: Random) -> h.History | None:
    """A member that reads is ended by the server."""
    members = {history.events[i].client for i in _places(history, "room")} - {0}
    if not members:
        return None
    last = history.events[-1].time
    end = h.Event(last, random.choice(sorted(members)), h.ENDED, "eof")
    return _with(history, [*history.events, end])


CORRUPTIONS: tuple[Corruption, ...] = (
    drop, repeat, tear, swap, invent, echo, forget_in_list, cut_off,
)  # fmt: skip

"""Row 62 and the protocol: who came, who went, who was let in, and what was announced to them."""

from __future__ import annotations

from collections.abc import Iterator

from portable_harness.chat.case import Case
from portable_harness.chat.faults import Fault
from portable_harness.chat.lines import is_certainly_invalid, is_certainly_valid
from portable_harness.chat.observation import Connection
from portable_harness.chat.order import Item


def joins(case: Case) -> Iterator[Fault]:
    """Each member but the first was announced."""
    for name, holder in case.holders.items():
        seen = Item("join", name) in case.positions
        if holder.listed is not None and holder is not case.witness and not seen:
            yield Fault("join-missing", holder.number, f"{name} joined and it was not announced")


def leaves(case: Case) -> Iterator[Fault]:
    """Each member that went was announced as gone, not sooner, and only if it had come."""
    first_seen = case.first_seen()
    for name, holder in case.holders.items():
        item = Item("leave", name)
        came = holder is case.witness or Item("join", name) in case.positions
        if item not in case.positions:
            if came and _must_have_left(case, holder):
                yield Fault("leave-missing", holder.number, f"{name} left and it was not announced")
        elif not came:
            yield Fault("phantom", holder.number, f"{name} left without having joined")
        elif _was_still_there(case, holder, first_seen[item]):
            yield Fault("leave-too-early", holder.number, f"{name} was still there")


def _must_have_left(case: Case, holder: Connection) -> bool:
    """It went before the recording ended; while the server stops, leaves need not be announced."""
    return case.recording.stopped is None and not (holder.left is None and holder.ended is None)


def _was_still_there(case: Case, holder: Connection, announced: float) -> bool:
    if case.recording.stopped is not None or holder.misbehaved or holder.ended is not None:
        return False
    return holder.left is None or announced < holder.left.time


def names(case: Case) -> Iterator[Fault]:
    """Bad names are refused with a `!` line, good and free ones are not."""
    for connection in case.recording.everybody:
        if connection.name is None:
            continue
        if connection.listed is not None:
            if is_certainly_invalid(connection.name):
                yield Fault("bad-name-accepted", connection.number, repr(connection.name))
        elif connection.refused is None:
            if _waited(case, connection):
                yield Fault("refused-silently", connection.number, repr(connection.name))
        elif is_certainly_valid(connection.name) and not _was_taken(case, connection):
            yield Fault("good-name-refused", connection.number, repr(connection.name))


def _waited(case: Case, connection: Connection) -> bool:
    """It waited for an answer to its name, and none came (a reset may have taken the answer)."""
    if case.recording.stopped is not None or connection.left is not None:
        return False
    if connection.misbehaved:
        return False
    return connection.ended is None or connection.ended.text == "eof"


def _was_taken(case: Case, connection: Connection) -> bool:
    """Someone else asked for that name first: it may have held it when this one asked."""
    holder = case.holders.get(connection.name or "")
    if holder is None or holder.named is None or connection.refused is None:
        return False
    return holder.named.time <= connection.refused


def endings(case: Case) -> Iterator[Fault]:
    """Only those who misbehave are cut off, and a stream does not end within a line."""
    for connection in case.recording.everybody:
        if connection.listed is None or connection.misbehaved:
            continue
        cut_off = connection.ended is not None and connection.left is None
        if cut_off and case.recording.stopped is None:
            yield Fault("reader-cut-off", connection.number, f"{connection.name} was cut off")
        orderly = connection.ended is not None and connection.ended.text == "eof"
        if cut_off and orderly and connection.tail:
            yield Fault("torn", connection.number, f"the stream ended with {connection.tail!r}")

"""Rows 63 and 64: the slow member, and the server that stops."""

from __future__ import annotations

from collections.abc import Iterator

from portable_harness.chat.case import Case
from portable_harness.chat.faults import Fault
from portable_harness.chat.observation import Connection
from portable_harness.chat.order import Item


def delays(case: Case) -> Iterator[Fault]:
    """No delivery to a member that reads took longer than the recording's limit (row 63)."""
    limit = case.recording.header.latency_limit
    if limit is None:
        return
    for view in case.views.values():
        worst = max(latencies(case, view.connection.number), default=0.0)
        if view.connection.stalled is None and worst > limit:
            yield Fault("delayed", view.connection.number, f"{worst:.3f} s, limit {limit:g} s")


def latencies(case: Case, client: int) -> list[float]:
    """Seconds from each message's last byte being sent to this client having it."""
    times = case.views[client].times
    return [
        time - case.holders[item.name].said[item.line].time
        for item, time in times.items()
        if item.kind == "say"
    ]


def slow_members(case: Case) -> Iterator[Fault]:
    """A member that does not read was cut off once it was owed more than the bound (row 63)."""
    bound = case.recording.header.cut_off_after
    if bound is None:
        return
    for connection in case.recording.everybody:
        gone = Item("leave", connection.name or "") in case.positions
        if connection.stalled is not None and connection.listed is not None and not gone:
            owed = _owed(case, connection.stalled)
            if owed > bound:
                yield Fault("slow-not-cut-off", connection.number, f"{owed} bytes behind")


def _owed(case: Case, since: float) -> int:
    """Bytes of messages that the witness received after `since`."""
    return sum(
        len(item.name) + len(case.holders[item.name].said[item.line].text) + 4
        for item, time in case.views[case.witness.number].times.items()
        if item.kind == "say" and time > since
    )


def drain(case: Case) -> Iterator[Fault]:
    """A server that stops tells each member, and closes every connection (row 64)."""
    stopped = case.recording.stopped
    if stopped is None:
        return
    for connection in case.recording.everybody:
        if connection.left is not None or connection.misbehaved:
            continue
        if connection.ended is None:
            yield Fault("not-closed", connection.number, "still open at the end")
        elif _must_be_told(connection, stopped) and not connection.closing:
            yield Fault("not-told", connection.number, f"{connection.name} got no notice")


def _must_be_told(connection: Connection, stopped: float) -> bool:
    """It was a member when the stop was asked for, and nothing on its side can have got in the way.

    A server that closes while bytes from this member are unread makes its kernel send a reset,
    which may overtake the notice: then nothing can be concluded.
    """
    member = connection.listed is not None and connection.listed < stopped
    reset = connection.ended is not None and connection.ended.text == "reset"
    return member and not (reset and connection.said)

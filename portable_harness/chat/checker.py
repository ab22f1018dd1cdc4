"""The judge of recorded chat histories: what a server did wrong, concluded from outside alone.

What it promises, and to whom
-----------------------------
*No false alarm*: a server that keeps the protocol (Budget Chat, with one total order) is never
accused, however its threads, the kernel and the network interleave.  Hence what is **not**
concluded from what clients see:

- Whether a line was accepted, when its sender closed, reset or was disconnected after it: a reset
  may destroy it in the server's kernel.  Only this: the accepted lines are a beginning of what was
  sent, and a line that anybody saw was accepted.
- How much a member that left or was disconnected was still to receive: its view must be a gap-free
  beginning of its slice, and a piece of a line may be at its very end.
- Whether a connection that vanished after its name ever joined: both are fine, if the join and
  the leave are announced to the same members.
- Where a member's own lines stand in *its* view (it never receives them): others' views say.
- Anything about time, unless the recording gave a limit; and anything about a bound for slow
  members, unless the recording gave one.

*No silent loss*: what is left is a proof.  Each received line is exactly one sent line; the
merged views have one order (see order.py); that order has no effect before its cause; each view
is a contiguous slice of it, from the own join to as far as rules_slices.py says.

A recording needs a witness (see case.py), each name once among the members, and each text once
for a sender; otherwise HistoryError: a fault of the recording.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from portable_harness.chat import rules_limits, rules_order, rules_presence, rules_slices
from portable_harness.chat.case import Case, prepare
from portable_harness.chat.faults import Fault
from portable_harness.chat.history import History
from portable_harness.chat.observation import observe

RULES: tuple[Callable[[Case], Iterator[Fault]], ...] = (
    rules_order.fifo,
    rules_order.one_order,
    rules_order.causality,
    rules_order.own_places,
    rules_slices.slices,
    rules_slices.accepted,
    rules_slices.member_lists,
    rules_presence.joins,
    rules_presence.leaves,
    rules_presence.names,
    rules_presence.endings,
    rules_limits.delays,
    rules_limits.slow_members,
    rules_limits.drain,
)


@dataclass(frozen=True)
class Verdict:
    """The faults, and how much there was to be wrong in (a verdict on nothing says nothing)."""

    faults: list[Fault]
    connections: int
    members: int
    messages: int
    deliveries: int
    notices: int
    latencies: list[float] = field(repr=False)

    @property
    def ok(self) -> bool:
        return not self.faults

    @property
    def kinds(self) -> set[str]:
        return {fault.kind for fault in self.faults}

    def latency(self, fraction: float) -> float:
        """The given quantile of delivery latency in seconds (0 if nothing was delivered)."""
        ranked = sorted(self.latencies)
        return ranked[min(len(ranked) - 1, int(fraction * len(ranked)))] if ranked else 0.0


def judge(history: History) -> Verdict:
    """Judge a recorded history; raises HistoryError if the recording allows no judgement."""
    case = prepare(observe(history))
    faults = list(case.faults)
    for rule in RULES:
        faults += rule(case)
    return _verdict(case, faults)


def _verdict(case: Case, faults: list[Fault]) -> Verdict:
    items = [item for view in case.views.values() for item in view.items]
    reading = [c.number for c in case.recording.everybody if c.stalled is None]
    return Verdict(
        faults=faults,
        connections=len(case.recording.connections),
        members=sum(c.listed is not None for c in case.recording.everybody),
        messages=sum(item.kind == "say" for item in case.positions),
        deliveries=sum(item.kind == "say" for item in items),
        notices=sum(item.kind in ("join", "leave") for item in items),
        latencies=[s for number in reading for s in rules_limits.latencies(case, number)],
    )

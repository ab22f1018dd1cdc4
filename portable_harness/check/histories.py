"""The concurrency checks of a chat: many clients at once, their history recorded and judged.

The judge of portable_harness/chat wants the strong promises: one total order, joins and leaves as
positions in it. A plain Budget Chat server promises less, so its faults are sorted here:

- *required*: what no interleaving excuses. A line twice, torn, invented, out of its sender's
  order, told to somebody who never joined; a join or a leave that nobody is ever told; and a
  message **certainly** lost: the receiver had seen its list of members before the message was
  sent, neither of the two went afterwards, and everything else had arrived when the recording
  ended.
- *strong*: the rest. What is missing or additional around the moment of a join, and two members
  who saw things in different orders.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from portable_harness.chat import workload as w
from portable_harness.chat.case import Case, prepare
from portable_harness.chat.checker import judge
from portable_harness.chat.faults import Fault
from portable_harness.chat.history import History, HistoryError
from portable_harness.chat.observation import observe
from portable_harness.chat.order import Item
from portable_harness.chat.recorder import Recorder, RecordingError, RecordingTooLong
from portable_harness.check.dialect import translator
from portable_harness.check.model import Broken, Checklist, Level, NotApplicable, OutOfTime, Room

checks = Checklist()
#: Kinds of fault that no interleaving of threads excuses, whatever the server promises.
REQUIRED_KINDS = frozenset(
    "duplicate torn invented fifo phantom echo not-joined no-greeting bad-name-accepted "
    "good-name-refused join-missing leave-missing reader-cut-off list-twice".split()
)
#: Told by checks of their own (bad-name-line, name-in-use), or a server's free choice.
TOLD_ELSEWHERE = frozenset({"refused-silently", "name-held-twice"})
UNDECIDED = 4  # times as long as for an answer, where nothing will be concluded
PUBLIC = 7  # with those who are refused never more than ten at once, which all must take


def record(room: Room, workload: w.Workload) -> History:
    """Play a workload against the server. :raises Broken: when its first members are not let in."""
    server = room.server
    for name in _names(workload):
        room.use(name)
    translate = translator(room)
    recorder = Recorder(
        server.address, workload, room.patience, translate, server.socket,
        min(room.deadline - time.monotonic(), UNDECIDED * room.short),
    )  # fmt: skip
    try:
        found = recorder.record()
    except RecordingTooLong:
        raise OutOfTime from None
    except RecordingError as problem:
        raise Broken("a connection and a name", str(problem), "the list of members") from None
    room.transcript.history = found
    return found


def _names(workload: w.Workload) -> Iterator[str]:
    """Whom its clients will be."""
    for script in workload.scripts:
        first = script.steps[0]
        if isinstance(first, w.Send) and first.named:
            yield first.lines[0]


def mixed_faults(room: Room, clients: int) -> tuple[list[Fault], list[Fault]]:
    """(required, strong) faults of a mixed workload with the room's seed.

    Lines end in a plain newline: to strip a carriage return is a check of its own.
    """
    seconds = 1.5 if room.quick else 4.0
    history = record(room, _plain(w.mixed(room.seed, clients, seconds, room.tag, ends=("\n",))))
    try:
        verdict = judge(history)
        case = prepare(observe(history))
        certain = list(certainly_lost(case))
    except HistoryError as problem:
        raise NotApplicable(f"nothing can be concluded: {problem}") from None
    reported = [fault for fault in verdict.faults if fault.kind not in TOLD_ELSEWHERE]
    reported = [fault for fault in reported if not _ended_in_a_line(case, fault)]
    required = [fault for fault in reported if _is_required(case, fault)]
    return required + certain, [fault for fault in reported if fault not in required]


def _is_required(case: Case, fault: Fault) -> bool:
    """Who was gone as soon as it had its list need not be announced: only that is excused."""
    if fault.kind == "join-missing":
        return case.recording.connections[fault.client].left is None
    return fault.kind in REQUIRED_KINDS


def _ended_in_a_line(case: Case, fault: Fault) -> bool:
    """Whether what came is the beginning of a line of somebody who left.

    A reset (a close before all was read makes one) throws away what the server has not read yet;
    whether it passes on what it has is its own choice, and checked elsewhere.
    """
    if fault.kind != "torn" or fault.line is None or not fault.line.text:
        return False
    holder = case.holders[fault.line.name]
    return holder.left is not None and any(
        said.text.startswith(fault.line.text) for said in holder.said
    )


def _plain(workload: w.Workload) -> w.Workload:
    """Without what the public protocol leaves open, and has checks of its own.

    Who asks for a name in use, who goes in the middle of a line, whose line has no end.
    """
    taken: set[str] = set()
    scripts = []
    for script in workload.scripts:
        first = script.steps[0]
        name = first.lines[0] if isinstance(first, w.Send) and first.named else None
        leaves = isinstance(script.steps[-1], w.Leave)
        steps = tuple(
            step for step in script.steps if not (leaves and isinstance(step, w.SendPiece))
        )
        if name is None or name not in taken:
            scripts.append(replace(script, steps=steps))
        if name is not None:
            taken.add(name)
    return replace(workload, scripts=tuple(scripts))


def certainly_lost(case: Case) -> Iterator[Fault]:
    """Messages between two who stayed, sent when the receiver had its list, that did not come.

    Both stayed to the end, and the recorder went on until the last line of each sender had come
    (or its patience ran out), so nothing can be on its way any more.
    """
    for view in case.views.values():
        receiver = view.connection
        if receiver.listed is None or not receiver.stayed or case.recording.stopped is not None:
            continue
        for name, holder in case.holders.items():
            if holder is receiver or holder.listed is None or not holder.stayed:
                continue
            for index, said in enumerate(holder.said):
                item = Item("say", name, index)
                if said.time > max(receiver.listed, holder.listed) and item not in view.times:
                    yield Fault("lost", receiver.number, f"{item}, sent after its list had come")


def _tell(faults: list[Fault], sent: str, due: str) -> None:
    if faults:
        kinds = ", ".join(sorted({fault.kind for fault in faults}))
        came = f"{len(faults)} faults ({kinds}); the first: {faults[0]}"
        raise Broken(sent, came, due)


MIXED = "the talk of many clients that come and go"


@checks(
    Level.REQUIRED, "history", "with many clients nothing is lost, doubled, torn or mixed up",
    "One lock per socket for whole lines, one lock for the list of members; iterate over a copy.",
)  # fmt: skip
def history(room: Room) -> None:
    _tell(mixed_faults(room, PUBLIC)[0], MIXED, "each line once, whole, in its sender's order")


@checks(
    Level.STRONG, "total-order", "all members see one order, joins and leaves are positions in it",
    "Give each line, join and leave its place in one order under one lock; deliver in that order.",
)  # fmt: skip
def total_order(room: Room) -> None:
    due = "one order of messages, joins and leaves for all, each member its slice of it"
    required, strong = mixed_faults(room, PUBLIC + 5 if room.quick else 25)
    _tell(required + strong, MIXED, due)

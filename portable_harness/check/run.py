"""Run checks one after the other against a server; restart it where it died or was shut down."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from portable_harness.check import (
    chat_lines,
    chat_members,
    chat_names,
    chat_odd,
    chat_races,
    chat_talk,
    echo,
    growth,
    histories,
    lifecycle,
    slow,
)
from portable_harness.check.blame import has_ended, is_in_order, look
from portable_harness.check.first import root
from portable_harness.check.model import (
    Broken,
    Check,
    NotApplicable,
    Outcome,
    OutOfTime,
    Room,
    Status,
)
from portable_harness.check.recognise import must_be
from portable_harness.check.server import Server, StartedServer
from portable_harness.check.transcript import Transcript

MORE = 10.0  # seconds for all other checks, once an answer was waited for in vain
SHORT = 3.0  # seconds: with a server that is faulty for certain, later answers are given up
UNDECIDED = "mend what failed first: they are looked at again then"
ENDING = ("stops", "restarts")  # checks that end the server


VISITS = {"echo": b"visit N\n", "chat": b"visitorN\n"}  # what a visitor says


def _roots_first(checks: Sequence[Check]) -> list[Check]:
    """What all others need comes first, so that it is what is seen to fail."""
    return sorted(checks, key=root)


CHECKS: dict[str, list[Check]] = {
    "echo": _roots_first(
        [
            *echo.checks.checks,
            *growth.checks(VISITS["echo"]),
            *lifecycle.checks(VISITS["echo"]),
        ]
    ),
    "chat": _roots_first(
        [
            *chat_members.checks.checks,
            *chat_names.checks.checks,
            *chat_odd.checks.checks,
            *chat_talk.checks.checks,
            *chat_lines.checks.checks,
            *chat_races.checks.checks,
            *histories.checks.checks,
            *slow.checks.checks,
            growth.KEEPS_NOTHING,
            *growth.checks(VISITS["chat"]),
            *lifecycle.checks(VISITS["chat"]),
        ]
    ),
}
#: The checks whose outcome hangs on how threads interleave: repeated under adverse scheduling.
RACING = (
    "history", "total-order", "no-mixing", "storm", "name-race", "at-once", "after-a-reset",
)  # fmt: skip


@dataclass
class Plan:
    """How to run: the seed of the first round, how many rounds, and for how long at most.

    `begin`: since when (monotonic seconds), where there were rounds before this one.
    """

    seed: int
    quick: bool
    patience: float
    repeat: int = 1
    time_limit: float = 600.0
    begin: float | None = None
    protocol: str = ""  # so that the server is talked to after each check


def run(
    server: Server,
    checks: Sequence[Check],
    plan: Plan,
    progress: Callable[[Check, int], None] = lambda check, seed: None,
) -> Iterator[Outcome]:
    """Each outcome as soon as it is there; ends early when the time limit has been reached.

    :raises Problem: when the server cannot be started.
    """
    turns = _Turns(server, plan)
    stop = ""
    if plan.protocol and time.monotonic() <= turns.deadline:
        server.start()
        must_be(server, plan.protocol)
    for seed in range(plan.seed, plan.seed + plan.repeat):
        for check in checks:
            if time.monotonic() > turns.end:
                yield not_reached(check, seed, turns.why_not())
                continue
            if stop:
                yield not_reached(check, seed, stop)
                continue
            progress(check, seed)
            outcome = turns.judged(check, seed)
            stop = turns.hopeless(outcome)
            yield outcome


class _Turns:
    """One check after the other against one server; see blame.py for who is charged."""

    def __init__(self, server: Server, plan: Plan) -> None:
        self.server, self.plan = server, plan
        self.deadline = (plan.begin or time.monotonic()) + plan.time_limit
        self._serials = itertools.count(1)
        self._known: dict[str, int] = {}
        self._since: list[str] = []  # the checks that this very process has been through
        self._starts = 0
        self._broken: set[str] = set()
        self._short = math.inf
        self.end = self.deadline  # or sooner, where it is known what to mend first
        self._looks: bool | None = None  # whether a fresh server stands the look after a check

    def judged(self, check: Check, seed: int) -> Outcome:
        """What came of it, charged to whom it belongs."""
        outcome = self._attempt(check, seed)
        if outcome.status is Status.FAILED and outcome.seconds >= self.plan.patience:
            self._short = SHORT
            self.end = min(self.end, time.monotonic() + MORE)
        mine = isinstance(self.server, StartedServer)
        since = tuple(self._since)
        if mine and since and outcome.status is Status.FAILED and check.name not in RACING:
            self.server.stop()
            alone = self._attempt(check, seed)
            if alone.status is Status.FAILED:
                outcome = alone
            elif alone.status is Status.PASSED:
                outcome.only_after = since
        self._since.append(check.name)
        if outcome.status in (Status.FAILED, Status.NOT_REACHED):
            self.server.stop()  # what it has got into must not harm the next check
        if outcome.status is Status.NOT_REACHED:
            return not_reached(check, seed, self.why_not())
        return outcome

    def why_not(self) -> str:
        """Why a check was not reached now."""
        return _why(self.plan) if time.monotonic() > self.deadline else UNDECIDED

    def hopeless(self, outcome: Outcome) -> str:
        """Why no other check can tell anything; empty while they can."""
        if outcome.status is Status.FAILED and self.plan.protocol and not outcome.only_after:
            self._broken.add(outcome.check.name)
            silent = outcome.check.name == "greeting" and outcome.came.startswith(
                ("nothing", "only")
            )
            if silent or self._broken >= {"greeting", "join"}:
                return "nobody can join: mend the greeting and the join first"
        return ""

    def _attempt(self, check: Check, seed: int) -> Outcome:
        room = self._room(seed)
        if self._looks is None and not isinstance(self.server, StartedServer):
            self._looks = is_in_order(room, self.plan.protocol)
        outcome = run_one(room, check)
        if outcome.status is Status.PASSED and check.name not in ENDING:
            self._look(room, outcome)
        return outcome

    def _room(self, seed: int) -> Room:
        self.server.start()
        if self.server.starts != self._starts:
            self._starts = self.server.starts
            self._since.clear()
        plan = self.plan
        return Room(
            self.server, Transcript(), seed, plan.quick, plan.patience, next(self._serials),
            self.end, self._short, self._known,
        )  # fmt: skip

    def _look(self, room: Room, outcome: Outcome) -> None:
        """Charge the check with what is wrong with the server after it."""
        begin, printed = time.monotonic(), self.server.printed
        try:
            found = look(room, self.plan.protocol if self._looks is not False else "")
            if found is None:
                return
            said = self.server.said_since(printed) or self.server.said_since(0)
            if self._looks is None and not has_ended(room):
                self.server.stop()
                self._looks = is_in_order(self._room(room.seed), self.plan.protocol)
                if not self._looks:
                    return
        except OutOfTime:
            outcome.status = Status.NOT_REACHED
            return
        outcome.status, outcome.said = Status.FAILED, said
        outcome.seconds += time.monotonic() - begin
        outcome.sent, outcome.came, outcome.due = found.sent, found.came, found.due
        outcome.transcript, outcome.history = room.transcript.steps, room.transcript.history


def _why(plan: Plan) -> str:
    return f"not reached within {plan.time_limit:g} s"


def not_reached(check: Check, seed: int, why: str) -> Outcome:
    """What is known of a check that did not run to its end: nothing."""
    return Outcome(check, Status.NOT_REACHED, 0.0, seed, reason=why)


def run_one(room: Room, check: Check) -> Outcome:
    """One check against a server that is ready."""
    server, transcript = room.server, room.transcript
    begin, printed = time.monotonic(), server.printed
    outcome = Outcome(check, Status.PASSED, 0.0, room.seed)
    try:
        check.run(room)
    except Broken as broken:
        outcome.status, outcome.pair = Status.FAILED, broken.pair
        outcome.sent, outcome.came, outcome.due = broken.sent, broken.came, broken.due
        if check.name not in ENDING and has_ended(room):
            outcome.came += "; the server's process has ended"
        outcome.said = server.said_since(printed)
        outcome.transcript, outcome.history = transcript.steps, transcript.history
    except NotApplicable as why:
        outcome.status, outcome.reason = Status.NOT_APPLICABLE, str(why)
    except OutOfTime:
        outcome.status = Status.NOT_REACHED
    outcome.seconds = time.monotonic() - begin
    return outcome

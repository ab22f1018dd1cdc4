"""Run checks one after the other against a server; restart it where it died or was shut down."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from portable_harness.check import (
    chat_lines,
    chat_members,
    chat_names,
    chat_races,
    chat_talk,
    echo,
    growth,
    histories,
    lifecycle,
    slow,
)
from portable_harness.check.model import (
    Broken,
    Check,
    NotApplicable,
    Outcome,
    OutOfTime,
    Room,
    Status,
)
from portable_harness.check.processes import settle
from portable_harness.check.server import Server, StartedServer
from portable_harness.check.transcript import Transcript

ENDING = ("stops", "restarts")  # checks that end the server


VISITS = {"echo": b"visit N\n", "chat": b"visitorN\n"}  # what a visitor says
CHECKS: dict[str, list[Check]] = {
    "echo": [
        *echo.checks.checks,
        *growth.checks(VISITS["echo"]),
        *lifecycle.checks(VISITS["echo"]),
    ],
    "chat": [
        *chat_members.checks.checks,
        *chat_names.checks.checks,
        *chat_talk.checks.checks,
        *chat_lines.checks.checks,
        *chat_races.checks.checks,
        *histories.checks.checks,
        *slow.checks.checks,
        growth.KEEPS_NOTHING,
        *growth.checks(VISITS["chat"]),
        *lifecycle.checks(VISITS["chat"]),
    ],
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


def run(
    server: Server,
    checks: Sequence[Check],
    plan: Plan,
    progress: Callable[[Check, int], None] = lambda check, seed: None,
) -> Iterator[Outcome]:
    """Each outcome as soon as it is there; ends early when the time limit has been reached.

    :raises Problem: when the server cannot be started.
    """
    deadline = (plan.begin or time.monotonic()) + plan.time_limit
    serials = itertools.count(1)
    known: dict[str, int] = {}
    for seed in range(plan.seed, plan.seed + plan.repeat):
        for check in checks:
            if time.monotonic() > deadline:
                yield not_reached(check, seed, _why(plan))
                continue
            progress(check, seed)
            server.start()
            room = Room(
                server,
                Transcript(),
                seed,
                plan.quick,
                plan.patience,
                next(serials),
                deadline,
                known,
            )
            outcome = run_one(room, check)
            if outcome.status is Status.NOT_REACHED:
                outcome = not_reached(check, seed, _why(plan))
            if outcome.status in (Status.FAILED, Status.NOT_REACHED):
                server.stop()  # what it has got into must not harm the next check
            yield outcome


def _why(plan: Plan) -> str:
    return f"not reached within {plan.time_limit:g} s"


def not_reached(check: Check, seed: int, why: str) -> Outcome:
    """What is known of a check that did not run to its end: nothing."""
    return Outcome(check, Status.NOT_REACHED, 0.0, seed, reason=why)


def run_one(room: Room, check: Check) -> Outcome:
    """One check against a server that is ready."""
    server, transcript = room.server, room.transcript
    begin = time.monotonic()
    outcome = Outcome(check, Status.PASSED, 0.0, room.seed)
    try:
        check.run(room)
        _must_still_run(server, check)
    except Broken as broken:
        outcome.status = Status.FAILED
        outcome.sent, outcome.came, outcome.due = broken.sent, broken.came, broken.due
        if check.name not in ENDING and _ends(server):
            outcome.came += "; the server's process has ended"
        outcome.transcript, outcome.history = transcript.steps, transcript.history
    except NotApplicable as why:
        outcome.status, outcome.reason = Status.NOT_APPLICABLE, str(why)
    except OutOfTime:
        outcome.status = Status.NOT_REACHED
    outcome.seconds = time.monotonic() - begin
    return outcome


def _must_still_run(server: Server, check: Check) -> None:
    if check.name not in ENDING and _has_ended(server):
        raise Broken(
            f"what the check {check.name} says", "the end of the server's process", "it runs on"
        )


def _has_ended(server: Server) -> bool:
    return isinstance(server, StartedServer) and server.process is None


def _ends(server: Server) -> bool:
    """Also where its connections have ended and it is just about to."""
    settle(server.process)
    return _has_ended(server)

"""An outcome of ``check`` as it goes over the line, and back."""

from __future__ import annotations

import io
from typing import Any

from portable_harness.chat import history
from portable_harness.check.model import Check, Level, Outcome, Room, Status

PLAIN = ("seconds", "seed", "sent", "came", "due", "reason", "transcript")
OF_CHECK = ("name", "promise", "advice")


def outcome_to(outcome: Outcome) -> dict[str, Any]:
    check = {name: getattr(outcome.check, name) for name in OF_CHECK}
    text = io.StringIO()
    if outcome.history is not None:
        history.dump(outcome.history, text)
    return {
        **{name: getattr(outcome, name) for name in PLAIN}, "status": outcome.status.value,
        "check": {**check, "level": outcome.check.level.value}, "history": text.getvalue(),
    }  # fmt: skip


def outcome_from(told: dict[str, Any]) -> Outcome:
    level = Level(told["check"]["level"])
    check = Check(**{**told["check"], "level": level}, run=_elsewhere)
    seen = history.load(told["history"].splitlines()) if told["history"] else None
    plain = {name: told[name] for name in PLAIN}
    return Outcome(check, Status(told["status"]), history=seen, **plain)


def _elsewhere(room: Room) -> None:
    raise NotImplementedError("this check ran on another host, and its outcome is known")

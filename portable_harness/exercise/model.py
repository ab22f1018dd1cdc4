"""What a check of an exercise is, and what came of it."""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from portable_harness.base.tree import page_name


class Status(str, enum.Enum):
    """What came of a check."""

    PASSED = "passed"
    FAILED = "failed"  # the program did not do what was due
    ERROR = "error"  # the check itself could not be done
    NOT_REACHED = "not reached"  # the run ended before


@dataclass(frozen=True)
class Check:
    """A promise of the program; `run` is a function of tests.py."""

    name: str
    promise: str
    advice: str
    run: Callable[..., None] | None = None


@dataclass
class Result:
    """What came of one check on one interpreter."""

    check: str
    promise: str
    status: Status
    seconds: float = 0.0
    sent: str = ""
    came: str = ""
    due: str = ""
    advice: str = ""
    output: str = field(default="", repr=False)  # the last that the program printed
    not_limited: tuple[str, ...] = ()  # which limits this system could not set: sandbox.py

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON values."""
        return {**asdict(self), "status": self.status.value}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Result:
        """What `as_json` gave."""
        return cls(**{**values, "status": Status(values["status"])})

    @classmethod
    def of(cls, check: Check, status: Status, **more: Any) -> Result:
        """A result of `check`; its advice is told when it did not pass."""
        advice = "" if status is Status.PASSED else check.advice
        return cls(check.name, check.promise, status, **{"advice": advice, **more})


class Failed(Exception):
    """The program did not do what was due."""

    def __init__(self, sent: str, came: str, due: str) -> None:
        super().__init__(f"sent {sent}; came {came}; due {due}")
        self.sent, self.came, self.due = sent, came, due


#: What was sent when the program could not even be started.
NOT_STARTED = "nothing yet"

#: The check that every exercise with ``lock_rules`` has besides its own.
LOCK_RULES = Check(
    "lock-rules",
    "no lock is held for long, and none while waiting (the two rules of locking)",
    "Do what may wait (send, recv, sleep, join) after the lock has been released: copy under the "
    f"lock, act outside. {page_name('watch')} explains each kind of report.",
)

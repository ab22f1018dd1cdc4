"""What a check is, and what comes of it.

A check is a function of a `Room` (the server to talk to, the seed, the profile). It returns when
the server did what was due and raises `Broken` where it did not; `NotApplicable` says why it
could not be asked here (a server that we did not start has no process to look at).
"""

from __future__ import annotations

import enum
import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from portable_harness.chat.history import History
    from portable_harness.check.server import Server
    from portable_harness.check.transcript import Transcript


COLOUR = re.compile(r"\x1b\[[0-9;]*m")  # of a terminal, may stand before a name


class Level(str, enum.Enum):
    """How much a failure weighs: only *required* and *strong* checks fail a run."""

    REQUIRED = "required"  # the public protocol promises it
    STRONG = "strong"  # a good server promises it: order, bounds, an orderly end
    INFORMATIONAL = "informational"  # reported, never a failure


class Status(str, enum.Enum):
    """What came of a check."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not applicable"
    NOT_REACHED = "not reached"  # the time was over, or the server did not start: nothing is known


class Broken(Exception):
    """The server did not do what was due."""

    def __init__(self, sent: str, came: str, due: str, pair: tuple[str, str] | None = None) -> None:
        super().__init__(f"sent {sent}; came {came}; due {due}")
        self.sent, self.came, self.due = sent, came, due
        self.pair = pair  # where a whole line was due: that line, and the one that came


class NotApplicable(Exception):
    """The check cannot be asked here; the message says why."""


class OutOfTime(Exception):
    """An answer did not get all the time that it is due: nothing can be concluded."""


def has_name(line: str, name: str) -> bool:
    """Whether a notice names `name`, and not somebody whose name has it as a part."""
    plain = COLOUR.sub(" ", line)
    return re.search(f"(?<![A-Za-z0-9]){name}(?![A-Za-z0-9])", plain) is not None


def _words(line: str) -> list[str]:
    """What could be names in a line."""
    return re.findall("[A-Za-z0-9]+", COLOUR.sub(" ", line))


@dataclass
class Room:
    """What a check works with.

    `serial` is another number for each check: names end in it, so that what the server still says
    about the members of an earlier check can be distinguished.
    """

    server: Server
    transcript: Transcript
    seed: int
    quick: bool
    patience: float  # seconds that an answer may take on a busy machine
    serial: int = 0
    deadline: float = math.inf  # monotonic seconds: when the whole run must be over
    short: float = math.inf  # seconds after which an answer is given up, and nothing concluded
    known: dict[str, int] = field(default_factory=dict)  # names that were used: to their serial

    @property
    def tag(self) -> str:
        """What the names of this check end in."""
        return f"x{self.serial}"

    def name(self, base: str) -> str:
        """A name that no other check uses."""
        return self.use(base + self.tag)

    def use(self, name: str) -> str:
        """Note that this check has a member of that name."""
        self.known[name] = self.serial
        return name

    def names_in(self, line: str, serial: int | None = None) -> list[str]:
        """The names of a check's members in a line, whatever stands between them.

        :param serial: of that check; None: this one
        """
        whose = self.serial if serial is None else serial
        return [word for word in _words(line) if self.known.get(word) == whose]

    def names_known_in(self, line: str) -> set[str]:
        """The names of members of all checks in a line."""
        return set(_words(line)) & set(self.known)

    def left(self) -> float:
        """Seconds that an answer may take now. :raises OutOfTime: when there are none."""
        now = time.monotonic()
        if now >= self.deadline:
            raise OutOfTime
        return min(self.patience, self.short, self.deadline - now)

    def is_stale(self, line: str, awaited: str = "") -> bool:
        """Whether a notice is about a member of an earlier check, who is just leaving.

        It may list besides who is here now, of this check: whom it is about comes first, or else
        the one who is awaited is not in it. Only names that were used count: a server's own
        words may look like one.
        """
        words = _words(line) if line.startswith("*") else []
        serials = [self.known[word] for word in words if word in self.known]
        if all(serial == self.serial for serial in serials):
            return False
        return serials[0] != self.serial or bool(awaited and not has_name(line, awaited))

    @property
    def random(self) -> Random:
        """Choices that the seed repeats."""
        return Random(self.seed)


@dataclass(frozen=True)
class Check:
    """A promise: `run` returns where it is kept and raises Broken where it is not."""

    name: str
    level: Level
    promise: str
    advice: str
    run: Callable[[Room], None]


@dataclass
class Outcome:
    """What came of one check; `transcript` (of one conversation) or `history` (of many clients)
    is what --output-dir keeps and --replay plays again.
    """

    check: Check
    status: Status
    seconds: float
    seed: int
    sent: str = ""
    came: str = ""
    due: str = ""
    reason: str = ""
    transcript: list[dict[str, Any]] = field(default_factory=list)
    history: History | None = None
    pair: tuple[str, str] | None = None  # the line that was due, and the one that came
    said: str = ""  # what the server printed meanwhile
    only_after: tuple[str, ...] = ()  # it passes on a fresh server, and failed after these

    @property
    def fails(self) -> bool:
        """Whether it fails the run."""
        return self.status is Status.FAILED and self.check.level is not Level.INFORMATIONAL


class Checklist:
    """The checks of a protocol, in order; used as a decorator of the functions that do them."""

    def __init__(self) -> None:
        self.checks: list[Check] = []

    def __call__(
        self, level: Level, name: str, promise: str, advice: str
    ) -> Callable[[Callable[[Room], None]], Callable[[Room], None]]:
        def add(run: Callable[[Room], None]) -> Callable[[Room], None]:
            self.checks.append(Check(name, level, promise, advice, run))
            return run

        return add

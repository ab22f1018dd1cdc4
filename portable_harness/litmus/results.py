"""What a run comes to: one result for each case and interpreter, and the verdicts on them.

A verdict is about what was *forbidden*; an outcome that is only interesting never fails a run. What
could not be measured (an absent interpreter, a case that was not reached or is itself at fault) is
neither: it is never counted as fine, and has an exit status of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portable_harness.base.errors import BAD_USAGE, INTERRUPTED

ACCEPTABLE, INTERESTING, FORBIDDEN = "acceptable", "interesting", "forbidden"
LETTERS = {ACCEPTABLE: "A", INTERESTING: "I", FORBIDDEN: "F"}
CRASH, HANG = "CRASH", "HANG"
STRESSED, FORCED, RECORDED = "stressed", "forced", "recorded"
FORBIDDEN_STATUS, UNMEASURED_STATUS = 1, BAD_USAGE


@dataclass(frozen=True)
class Case:
    """What is said of a case before it runs; the same on all interpreters but for ``due``.

    ``kind`` is stressed, forced, or recorded (from outside, on a server). ``expectations`` are
    objects with outcome, source, and grades (class of interpreters -> grade). ``due`` is what a
    forced case must give. ``file`` is the lesson, relative to the tree.
    """

    name: str
    kind: str
    rows: tuple[int, ...] = ()
    title: str = ""
    lesson: str = ""
    mends: str | None = None
    due: str | None = None
    expectations: tuple[Mapping[str, Any], ...] = ()
    file: str = ""

    @property
    def module(self) -> str:
        return self.name.rpartition(".")[0]

    @property
    def short(self) -> str:
        return self.name.rpartition(".")[2]


@dataclass
class Result:
    """One case on one interpreter, all repetitions together.

    ``grades`` has a grade for each outcome that was seen; ``details`` a text for some of them: the
    first traceback, the stacks of a hang, the end of a crashed process's output. ``due`` is what
    this interpreter had to give. ``failed`` has, for each repetition, whether something forbidden
    was seen in it. ``error`` says that the case itself is at fault, or why it was not run.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    grades: dict[str, str] = field(default_factory=dict)
    details: dict[str, str] = field(default_factory=dict)
    rounds: int = 0
    seconds: float = 0.0
    due: str | None = None
    failed: dict[int, bool] = field(default_factory=dict)
    error: str = ""

    @property
    def rate(self) -> float | None:
        """Rounds per second, where any time was measured."""
        return self.rounds / self.seconds if self.seconds else None

    def seen(self, grade: str) -> list[str]:
        """The outcomes of a grade that were seen."""
        return [
            outcome
            for outcome, count in self.outcomes.items()
            if count and self.grades[outcome] == grade
        ]

    @property
    def is_unsteady(self) -> bool:
        """Whether repetitions came to different verdicts."""
        return len(set(self.failed.values())) > 1


@dataclass
class Column:
    """All that one interpreter answered.

    ``facts`` is what ``compat.platform.describe()`` said in the guest. ``trouble`` are sentences on
    what concerns no single case. ``absent`` says why there is no such interpreter, and the remedy;
    ``lost`` why its host is not there any more (``results`` has what was received until then).
    """

    name: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)
    absent: str = ""
    lost: str = ""
    seconds: float = 0.0
    processes: int = 0
    interrupted: bool = False

    def result(self, case: str) -> Result:
        """The result of a case, made when it is asked for."""
        return self.results.setdefault(case, Result())

    @property
    def forbidden(self) -> list[str]:
        """The cases in which something forbidden was seen."""
        return [name for name, result in self.results.items() if result.seen(FORBIDDEN)]

    @property
    def is_incomplete(self) -> bool:
        """Whether something that was asked for was not measured."""
        why = self.absent or self.lost or self.trouble
        return bool(why) or any(result.error for result in self.results.values())

    @property
    def state(self) -> str:
        """One word: absent, lost, forbidden, interrupted, incomplete or fine."""
        if self.absent or self.lost:
            return "absent" if self.absent else "lost"
        if self.forbidden:
            return FORBIDDEN
        if self.interrupted:
            return "interrupted"
        return "incomplete" if self.is_incomplete else "fine"


@dataclass
class Table:
    """Cases x interpreters; ``facts`` are about the run: when, how long, which command."""

    cases: list[Case]
    columns: list[Column]
    interrupted: bool = False
    facts: dict[str, Any] = field(default_factory=dict)

    def cells(self) -> Iterable[tuple[Case, Column, Result]]:
        """Every result that there is."""
        for case in self.cases:
            for column in self.columns:
                if case.name in column.results:
                    yield case, column, column.results[case.name]

    @property
    def status(self) -> int:
        """The exit status: an interruption, then what is forbidden, then what was not measured."""
        if self.interrupted:
            return INTERRUPTED
        if any(column.forbidden for column in self.columns):
            return FORBIDDEN_STATUS
        incomplete = any(column.is_incomplete for column in self.columns)
        return UNMEASURED_STATUS if incomplete or not self.measured else 0

    @property
    def measured(self) -> bool:
        """Whether anything at all was."""
        return any(sum(result.outcomes.values()) for _, _, result in self.cells())

    @property
    def proves_nothing(self) -> bool:
        """Whether cases raced and not one interesting outcome was seen: no race was met at all."""
        raced = [result for case, _, result in self.cells() if case.kind == STRESSED]
        return bool(raced) and not any(result.seen(INTERESTING) for result in raced)

    @property
    def unsteady(self) -> list[tuple[Case, Column]]:
        """Where repetitions of one case came to different verdicts."""
        return [(case, column) for case, column, result in self.cells() if result.is_unsteady]


def side_by_side(cases: Iterable[Case]) -> list[Case]:
    """The cases in their order, but each mended variant directly behind the racy one."""
    left = list(cases)
    by_name = {(case.module, case.short): case for case in left}
    mended: dict[str, list[Case]] = {}
    for case in left:
        racy = by_name.get((case.module, (case.mends or "").rpartition(".")[2]))
        if case.mends and racy and racy is not case:
            mended.setdefault(racy.name, []).append(case)
    moved = {case.name for group in mended.values() for case in group}
    placed: list[Case] = []
    for case in left:
        if case.name not in moved:
            placed += _with_mended(case, mended)
    return placed + [case for case in left if case not in placed]


def _with_mended(case: Case, mended: Mapping[str, list[Case]]) -> list[Case]:
    variants = [
        member for first in mended.get(case.name, []) for member in _with_mended(first, mended)
    ]
    return [case, *variants]

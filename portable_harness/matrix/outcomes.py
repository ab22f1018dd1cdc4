"""What can come of one test on one interpreter, and of one interpreter's whole run."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from portable_harness.base.text import clean


class Outcome(enum.Enum):
    """A cell of the matrix. Only PASS is success, and absent is never success."""

    PASS = "pass"
    FAIL = "fail"
    CRASH = "crash"  # the process died while the test was in progress
    HANG = "hang"  # the test made no progress within its own time limit
    UNREACHED = "unreached"  # the run ended before the test, or in the middle of it
    LOST = "lost"  # the connection to its host was lost before the outcome was here
    ABSENT = "absent"  # no such interpreter here, or it did not collect the test
    NOT_APPLICABLE = "not applicable"  # the ledger of differences says why
    SKIP = "skip"  # skipped for another reason, or an expected failure

    @property
    def is_bad(self) -> bool:
        """Whether the exit status of the matrix must not be 0 because of it."""
        return self in BAD


BAD = frozenset({Outcome.FAIL, Outcome.CRASH, Outcome.HANG, Outcome.UNREACHED, Outcome.LOST})
LEDGER_PREFIX = "ledger:"


@dataclass(frozen=True)
class Cell:
    """One test on one interpreter.

    ``message`` is one line: the error's first line, or why the test did not run. ``detail`` is the
    traceback and captured output (may be empty). ``seconds`` covers set-up, call and teardown.
    Both texts are cleaned (see :mod:`portable_harness.base.text`): a test can print anything.
    """

    outcome: Outcome
    seconds: float = 0.0
    message: str = ""
    detail: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", clean(self.message))
        object.__setattr__(self, "detail", clean(self.detail))

    @property
    def ledger_id(self) -> str | None:
        """The id of the ledger's record that explains a cell that is not applicable."""
        if self.outcome is not Outcome.NOT_APPLICABLE:
            return None
        return self.message.removeprefix(LEDGER_PREFIX).partition(":")[0].strip()


def skipped(reason: str, seconds: float = 0.0) -> Cell:
    """A cell for a skip: not applicable where the ledger has the reason, else just skipped."""
    reason = reason.removeprefix("Skipped: ")
    known = reason.startswith(LEDGER_PREFIX)
    return Cell(Outcome.NOT_APPLICABLE if known else Outcome.SKIP, seconds, reason)


@dataclass
class Column:
    """All that one interpreter answered.

    ``facts`` is what ``compat.platform.describe()`` said *in the guest* at the end of its run
    (empty where it never ran). ``trouble`` are sentences on what concerns no single test: a crash
    before the first test, threads that keep the process from ending. ``absent`` says why there is
    no such interpreter, with the remedy; then ``cells`` is empty. ``lost`` says why its host is not
    there any more; ``cells`` has what was received until then. ``output`` is the file that the last
    of its ``processes`` wrote to, ``closing`` pytest's last line in it. ``pace`` is how many times
    slower than an idle machine this one was when the run began; limits were as many times longer.
    """

    name: str
    command: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    cells: dict[str, Cell] = field(default_factory=dict)
    files: dict[str, Cell] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)
    absent: str = ""
    lost: str = ""
    seconds: float = 0.0
    processes: int = 0
    pace: float = 1.0
    interrupted: bool = False
    output: str = ""
    closing: str = ""

    def totals(self) -> Counter[Outcome]:
        return Counter(cell.outcome for cell in self.cells.values())

    @property
    def is_bad(self) -> bool:
        return bool(self.trouble or self.lost) or any(
            cell.outcome.is_bad for cell in self.cells.values()
        )

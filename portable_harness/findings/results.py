"""One library on one interpreter, judged by what is known; and all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from portable_harness.findings.known import Known, explaining
from portable_harness.interpreters import Absent, Interpreter

KEPT, ABSENT, UNSUPPORTED, STOPPED = "kept", "absent", "not supported", "interrupted"
CRASH, HANG = "crash", "hang"  # of the process; "stuck" is what the program noticed itself
BAD = {"broken": "promise broken", "failed": "failed", "stuck": "stuck", CRASH: CRASH, HANG: HANG}


@dataclass
class Cell:
    """A library on an interpreter. ``details`` is what the program printed, {} where it did not."""

    library: str
    interpreter: str
    outcome: str
    error: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    known: list[tuple[dict[str, Any], Known]] = field(default_factory=list)
    new: list[dict[str, Any]] = field(default_factory=list)
    gone: list[Known] = field(default_factory=list)

    @property
    def is_bad(self) -> bool:
        """Whether a promise broke or the program failed, where it was to run."""
        return self.outcome in BAD

    @property
    def summary(self) -> str:
        """What is said when it was measured, not judged yet."""
        if self.outcome != KEPT:
            return BAD.get(self.outcome, self.outcome)
        count, rounds = len(self.details.get("findings", [])), self.details.get("rounds", 0)
        return f"kept in {rounds} rounds, {count} report{'s' * (count != 1)}"

    @property
    def words(self) -> str:
        """What the table shows."""
        if self.outcome != KEPT:
            return BAD.get(self.outcome, self.outcome)
        count = len(self.known) + len(self.new)
        parts = [f"{count} report{'s' * (count > 1)}" if count else "nothing found"]
        parts += [f"{len(self.new)} new"] if self.new else []
        parts += [f"{len(self.gone)} gone"] if self.gone else []
        return ", ".join(parts)

    def as_json(self) -> dict[str, Any]:
        """All of it as plain JSON values."""
        return {
            "library": self.library,
            "interpreter": self.interpreter,
            "outcome": self.outcome,
            "error": self.error,
            "told": self.details,
            "known": [
                {"finding": finding["finding"], "as": known.title} for finding, known in self.known
            ],
            "new": [report["finding"] for report in self.new],
            "gone": [entry.title for entry in self.gone],
        }


def judged(cell: Cell, known: Sequence[Known]) -> Cell:
    """The cell with its findings sorted into known, new and gone."""
    here = [entry for entry in known if entry.applies(cell.library, cell.interpreter)]
    not_supported = [entry for entry in here if not entry.finding]
    if not_supported and cell.outcome != KEPT:
        if cell.outcome != STOPPED:
            cell.outcome, cell.error = UNSUPPORTED, not_supported[0].why
        return cell
    for finding in cell.details.get("findings", []):
        explained = explaining(here, finding["finding"])
        if explained is None:
            cell.new.append(finding)
        else:
            cell.known.append((finding, explained))
    if cell.outcome == KEPT:
        seen = [explained for _, explained in cell.known]
        cell.gone = [entry for entry in here if entry.always and entry not in seen]
    return cell


@dataclass(frozen=True)
class Findings:
    """A whole run: the table's rows are ``libraries``, its columns ``interpreters``."""

    libraries: tuple[str, ...]
    interpreters: tuple[Interpreter | Absent, ...]
    cells: tuple[Cell, ...]
    seconds: float
    command: str

    def cell(self, library: str, interpreter: str) -> Cell | None:
        """The cell of a row and a column."""
        fitting = (
            cell
            for cell in self.cells
            if (cell.library, cell.interpreter) == (library, interpreter)
        )
        return next(fitting, None)

    @property
    def interrupted(self) -> bool:
        """Whether something was not measured because the user stopped the run."""
        return any(cell.outcome == STOPPED for cell in self.cells)

    @property
    def status(self) -> int:
        """1 where a promise broke or a program failed: findings alone are no failure."""
        return int(any(cell.is_bad for cell in self.cells))

    def as_json(self) -> dict[str, Any]:
        """All of it as plain JSON values."""
        return {
            "schema": 1,
            "command": self.command,
            "seconds": round(self.seconds, 1),
            "status": self.status,
            "interpreters": [
                {"name": interpreter.name, "absent": interpreter.reason}
                if isinstance(interpreter, Absent)
                else interpreter.as_json()
                for interpreter in self.interpreters
            ],
            "cells": [cell.as_json() for cell in self.cells],
        }

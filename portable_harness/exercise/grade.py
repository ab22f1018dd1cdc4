"""What a submission is graded by: a row for each check on each interpreter, from the beginning.

The rows are known before the student's program is started, so a grade has the same rows, and the
same number of points, for a program that works, one that cannot be parsed and one that hangs; a
row that was not reached says why. They come from the text of tests.py, which for a module could not
be imported here without the student's module.
"""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from portable_harness.exercise.catalogue import Exercise
from portable_harness.exercise.guest import LOADS
from portable_harness.exercise.model import LOCK_RULES, NOT_STARTED, Check, Result, Status

OPEN = "not reached"  # what came of a row so far; the reason follows when it stays like that
DONE = (Status.PASSED, Status.FAILED)


@dataclass
class Row:
    """One check on one interpreter."""

    interpreter: str
    result: Result
    code: str  # the check's own lines of tests.py

    @property
    def passed(self) -> bool:
        """Whether it earns its points."""
        return self.result.status is Status.PASSED


@dataclass
class Grading:
    """What is known of a submission so far."""

    exercise: Exercise
    rows: list[Row]
    trouble: str = "the grading has not ended"  # empty: it was done as a whole
    notes: list[str] = field(default_factory=list)
    not_limited: set[str] = field(default_factory=set)  # by the sandbox; for the instructor

    @classmethod
    def of(cls, exercise: Exercise, tests: str, interpreters: Sequence[str]) -> Grading:
        """All rows, none of them reached: by check, then by interpreter."""
        rows = [
            Row(name, Result.of(check, Status.NOT_REACHED, came=OPEN), code)
            for check, code in expected(exercise, tests)
            for name in interpreters
        ]
        return cls(exercise, rows)

    def put(self, interpreter: str, result: Result) -> None:
        """A result. One of a check that is not expected, or that has one already, is refused.

        A module that cannot be imported is no check that failed, but why none was reached.
        """
        if result.check == LOADS.name:
            self.give_up(interpreter, f"import: {result.came}", result.output)
            return
        if result.check == LOCK_RULES.name and not self._any_passed(interpreter):
            return  # who locks nothing because nothing works has kept no rule
        for row in self.rows:
            if row.interpreter == interpreter and row.result.check == result.check:
                row.result = result if row.result.came == OPEN else row.result

    def _any_passed(self, interpreter: str) -> bool:
        return any(row.passed for row in self.rows if row.interpreter == interpreter)

    def give_up(self, interpreter: str | None, why: str, output: str = "") -> None:
        """Say why the rows of an interpreter (None: of all) that are left were not reached."""
        for row in self.rows:
            here = interpreter is None or row.interpreter == interpreter
            if here and row.result.came == OPEN:
                row.result = replace(row.result, came=f"{OPEN}: {why}", output=output)

    def end(self, trouble: str = "") -> None:
        """No more results come; with the reason where some are missing."""
        self.trouble = trouble
        self.give_up(None, trouble or "nothing else passed before")

    @property
    def passed(self) -> int:
        """How many rows passed."""
        return sum(row.passed for row in self.rows)

    @property
    def nothing_ran(self) -> str:
        """Why no check could be done on any interpreter; empty where one could."""
        if not self.rows:
            return self.trouble or "nothing was tested"
        if any(row.result.status in DONE and row.result.sent != NOT_STARTED for row in self.rows):
            return ""
        return self.trouble or told(self.rows[0].result)

    @property
    def summary(self) -> str:
        """A sentence for the student."""
        lines = [f"{self.passed} of {len(self.rows)} checks passed."]
        if self.trouble:
            lines.append(f"This grade is not complete: {self.trouble}.")
        return "\n".join(lines + self.notes)


def told(result: Result) -> str:
    """What a result that is no pass says to the student."""
    names = ("sent", "came", "due", "advice")
    parts = [f"{name}: {value}" for name in names if (value := getattr(result, name))]
    return "\n".join(parts)


def expected(exercise: Exercise, tests: str) -> list[tuple[Check, str]]:
    """The checks of a text of tests.py with their lines, and that of the lock rules."""
    found = []
    for node in ast.parse(tests).body:
        if isinstance(node, ast.FunctionDef):
            found += [(check, _body(tests, node)) for check in _checks(node.decorator_list)]
    if exercise.lock_rules is not None:
        found.append((LOCK_RULES, ""))
    return found


def _checks(decorators: Iterable[ast.expr]) -> list[Check]:
    """Those of ``@check(name, promise, advice=...)``, which are literals."""
    checks = []
    for one in decorators:
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "check":
            named = {key.arg or "": ast.literal_eval(key.value) for key in one.keywords}
            given = [ast.literal_eval(value) for value in one.args]
            checks.append(Check(*given, **named))
    return checks


def _body(text: str, node: ast.FunctionDef) -> str:
    lines = text.splitlines()[node.body[0].lineno - 1 : node.end_lineno]
    return textwrap.dedent("\n".join(lines))

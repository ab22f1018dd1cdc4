"""A grading in the forms of four platforms, each a text for a file.

- Exercism: results.json of the test runner interface, version 3
  (exercism/docs, building/tooling/test-runners/interface.md).
- Gradescope: results.json of the autograder specifications
  (gradescope-autograders.readthedocs.io/en/latest/specs).
- check50: what ``check50 -o json`` prints (cs50/check50, docs/source/json_specification.rst).
- JUnit XML: a test suite for each interpreter.

All of it is shown to students, so what their program printed is bounded; `Submission.clean` has
taken out of it what XML cannot carry, the grader's folders and the seed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from portable_harness.base import junit as base_junit
from portable_harness.base.junit import Case, Kind, Remark, Suite
from portable_harness.exercise.grade import Grading, Row, told
from portable_harness.exercise.model import Status

EXERCISM_OUTPUT = 500  # characters, by its specification
TRUNCATED = "Output was truncated. Please limit to 500 chars"  # its words
TEXT = 4_000  # characters of anything else of one row
WITHOUT_LESSON = 0.45  # of its points that a row earns where a check of the lesson fails
MESSAGE = 60_000  # characters of Exercism's message at the top, which may have 65,535


@dataclass(frozen=True)
class Points:
    """What Gradescope gives for a row, and who sees it."""

    total: float | None = None  # for all rows together; None: a point for a row of weight 1
    weights: Mapping[str, float] | None = None  # check: how much more than another it is worth
    visibility: str = "visible"

    def of(self, row: Row, grading: Grading) -> float:
        """The most that a row can earn."""
        weight = self._weight(row)
        if self.total is None:
            return weight
        return self.total * weight / sum(map(self._weight, grading.rows))

    def earned(self, row: Row, grading: Grading) -> float:
        """What it earns: nothing without a pass, and little without the lesson of the exercise."""
        if not row.passed or is_untouched(grading):
            return 0.0
        share = 1.0 if lesson_missed(row, grading) == "" else WITHOUT_LESSON
        return share * self.of(row, grading)

    def _weight(self, row: Row) -> float:
        return (self.weights or {}).get(row.result.check, 1.0)


def is_untouched(grading: Grading) -> bool:
    """Whether no check passed that the start file fails, so this may be the start file."""
    exercise = grading.exercise
    fails = {name for names in exercise.start_fails.values() for name in names}
    rows = [row for row in grading.rows if row.interpreter not in exercise.start_passes]
    return bool(rows) and not any(row.passed and row.result.check in fails for row in rows)


def lesson_missed(row: Row, grading: Grading) -> str:
    """The first check of the lesson that did not pass on the row's interpreter, if any."""
    lesson = grading.exercise.lesson
    there = (other for other in grading.rows if other.interpreter == row.interpreter)
    missed = (one.result.check for one in there if one.result.check in lesson and not one.passed)
    return next(missed, "")


def exercism(grading: Grading, points: Points) -> str:
    """Status "error" says that no check could be done; the message then says why."""
    why = grading.nothing_ran
    status = "error" if why else "pass" if _all_passed(grading) else "fail"
    output = grading.rows[0].result.output if why and grading.rows else ""
    message = f"{why}\n{output}".strip()[:MESSAGE] if why else None
    tests = [_exercism_row(row) for row in grading.rows]
    return _json({"version": 3, "status": status, "message": message, "tests": tests})


def _exercism_row(row: Row) -> dict[str, Any]:
    result = row.result
    status = {Status.PASSED: "pass", Status.FAILED: "fail"}.get(result.status, "error")
    told_row: dict[str, Any] = {"name": _name(row), "status": status, "test_code": row.code}
    if not row.passed:
        told_row["message"] = told(result)[:TEXT]
    if result.output:
        told_row["output"] = _limited(result.output)
    return told_row


def _limited(text: str) -> str:
    """The beginning, and that there was more."""
    if len(text) <= EXERCISM_OUTPUT:
        return text
    return f"{text[: EXERCISM_OUTPUT - len(TRUNCATED) - 1]}\n{TRUNCATED}"


def gradescope(grading: Grading, points: Points) -> str:
    """Rows that earn their points or nothing."""
    rows = [_gradescope_row(row, grading, points) for row in grading.rows]
    return _json({
        "score": round(sum(row["score"] for row in rows), 6), "output": grading.summary,
        "visibility": "visible", "stdout_visibility": "hidden", "tests": rows,
        "extra_data": {"exercise": grading.exercise.name, "complete": not grading.trouble},
    })  # fmt: skip


def _gradescope_row(row: Row, grading: Grading, points: Points) -> dict[str, Any]:
    earned, most = points.earned(row, grading), points.of(row, grading)
    output = _everything(row)
    if row.passed and earned < most:
        missed = lesson_missed(row, grading)
        why = f"{missed} did not pass" if missed else "no check passed that the start file fails"
        output = f"It earns {earned:g} of {most:g} points: {why}.\n{output}"
    return {
        "name": _name(row), "score": earned, "max_score": most,
        "status": "passed" if row.passed else "failed", "output": output,
        "output_format": "text", "visibility": points.visibility,
    }  # fmt: skip


def check50(grading: Grading, points: Points) -> str:
    """``passed`` is null for what was not reached, and for a check that broke itself."""
    rows = [_check50_row(row) for row in grading.rows]
    slug = f"portable-server/exercises/{grading.exercise.name}"
    if not rows:
        error = {"type": "Problem", "value": grading.nothing_ran, "traceback": [], "data": {}}
        return _json({"slug": slug, "error": error, "version": "3.0.0"})
    return _json({"slug": slug, "results": rows, "version": "3.0.0"})


def _check50_row(row: Row) -> dict[str, Any]:
    result = row.result
    passed = {Status.PASSED: True, Status.FAILED: False}.get(result.status)
    cause = None if row.passed else {
        "rationale": result.came[:TEXT], "help": result.advice, "actual": result.came[:TEXT],
        "expected": result.due[:TEXT],
    }  # fmt: skip
    return {
        "name": f"{result.check}[{row.interpreter}]", "description": _name(row), "passed": passed,
        "log": result.output[-TEXT:].splitlines(), "cause": cause, "dependency": None,
        "data": {"interpreter": row.interpreter, "seconds": round(result.seconds, 3)},
    }  # fmt: skip


def junit(grading: Grading, points: Points) -> str:
    """A check that failed is a failure; one that was not reached, or broke itself, an error."""
    by_name = sorted(grading.rows, key=lambda row: row.interpreter)
    name = grading.exercise.name
    return base_junit.text(
        Suite(f"{name} on {on}", [_case(row, name) for row in rows], grading.trouble)
        for on, rows in groupby(by_name, key=lambda row: row.interpreter)
    )


def _case(row: Row, exercise: str) -> Case:
    result = row.result
    return Case(f"{exercise}.{row.interpreter}", result.check, result.seconds, _remark(row))


def _remark(row: Row) -> Remark | None:
    if row.result.status is Status.PASSED:
        return None
    kind = Kind.FAILURE if row.result.status is Status.FAILED else Kind.ERROR
    return Remark(kind, row.result.came[:TEXT], _everything(row))


def _name(row: Row) -> str:
    return f"{row.result.check}: {row.result.promise} ({row.interpreter})"


def _everything(row: Row) -> str:
    if row.passed:
        return f"passed\n{row.result.output}".rstrip()
    printed = row.result.output[-TEXT:]
    return told(row.result)[:TEXT] + (f"\nThe program printed:\n{printed}" if printed else "")


def _all_passed(grading: Grading) -> bool:
    return not grading.trouble and all(row.passed for row in grading.rows)


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values, indent=1) + "\n"


FORMATS: dict[str, Callable[[Grading, Points], str]] = {
    "exercism": exercism, "gradescope": gradescope, "check50": check50, "junit": junit,
}  # fmt: skip

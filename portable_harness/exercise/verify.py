"""Is an exercise sound? Its start fails, its solution passes everywhere, each mutant is caught."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from portable_harness.exercise import suite, variants
from portable_harness.exercise.catalogue import Exercise
from portable_harness.exercise.job import Job
from portable_harness.exercise.model import NOT_STARTED, Result, Status
from portable_harness.exercise.mutant import mutants
from portable_harness.exercise.workspace import interpreters_for
from portable_harness.interpreters import Absent, Interpreter, find, select
from portable_harness.jython import fast_command

PATIENT, IMPATIENT = 30.0, 2.0  # seconds for what must answer, and for what must not


@dataclass(frozen=True)
class Finding:
    """One thing that was proved, or not; `problem` is empty where it was."""

    what: str  # "solution.py", "start.py", "mutant NAME"
    interpreter: str
    problem: str = ""
    absent: bool = False


@dataclass(frozen=True)
class Case:
    """A program on an interpreter: every check passes (`fails` is empty), or these fail."""

    what: str  # as in `Finding`
    program: str
    interpreter: str
    fails: tuple[str, ...] = ()


def cases(exercise: Exercise) -> list[Case]:
    """Everything that has to be proved of an exercise."""
    solution = exercise.solution.read_text(encoding="utf-8")
    wanted = interpreters_for(exercise, None).split(",")
    found = [Case(exercise.solution.name, solution, name) for name in wanted]
    for start in exercise.starts:
        program = (exercise.folder / start).read_text(encoding="utf-8")
        for name, checks in exercise.start_fails.items():
            found.append(Case(start, program, name, tuple(checks)))
    return found + [
        Case(f"mutant {mutant.name}", mutant.program(solution), mutant.on, (mutant.check,))
        for mutant in mutants(exercise)
    ]


def verify(exercise: Exercise, only: str = "", variant: str | None = None) -> Iterator[Finding]:
    """Each case's finding; only those of an interpreter or whose name contains `only`."""
    for case in cases(exercise):
        if not only or only in case.what or only == case.interpreter:
            yield prove(exercise, case, variant)


def prove(exercise: Exercise, case: Case, variant: str | None = None) -> Finding:
    """One case's finding."""
    (chosen,) = select(case.interpreter, find())
    if isinstance(chosen, Absent):
        return Finding(case.what, case.interpreter, chosen.reason, absent=True)
    return Finding(case.what, case.interpreter, _problem(exercise, case, chosen, variant))


def _problem(exercise: Exercise, case: Case, interpreter: Interpreter, variant: str | None) -> str:
    words = variants.words(exercise, variant)
    case = replace(case, fails=tuple(variants.replaced(name, words) for name in case.fails))
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        file = Path(folder) / exercise.file  # a student of this variant has these words too
        file.write_text(variants.replaced(case.program, words), encoding="utf-8")
        results = list(suite.run(Job(
            exercise, file, interpreter.name, fast_command(interpreter),
            patience=IMPATIENT if case.fails else PATIENT, only=case.fails, words=words,
        )))  # fmt: skip
    return _told_of(case, results)


def _told_of(case: Case, results: list[Result]) -> str:
    if not case.fails:
        bad = [one for one in results if one.status is not Status.PASSED]
        if not results:
            return "there is no check"
        return "; ".join(_told(one) for one in bad)
    by_name = {one.check: one for one in results}
    return "; ".join(filter(None, (_not_caught(name, by_name) for name in case.fails)))


def _not_caught(name: str, results: dict[str, Result]) -> str:
    result = results.get(name)
    if result is None:
        others = ", ".join(f"{one.check} {one.status.value}" for one in results.values())
        return f"there is no check {name} (there was: {others or 'none'})"
    starts = all(other.sent != NOT_STARTED for other in results.values())
    if result.status is Status.FAILED or (result.status is Status.NOT_REACHED and not starts):
        return ""  # where the program does not start, the first check fails for all
    return f"the check {name} should fail; it {result.status.value}: {result.came}"


def _told(result: Result) -> str:
    lines = result.output.strip().splitlines()
    last = f" ({lines[-1]})" if lines else ""
    return (
        f"{result.check} {result.status.value}: sent {result.sent}, came {result.came}, "
        f"due {result.due}{last}"
    )

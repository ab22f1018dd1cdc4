"""All checks of one exercise for one file on one interpreter."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
import types
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from portable_harness.base.tree import on_guest
from portable_harness.check.model import Broken, Room
from portable_harness.check.transcript import Transcript
from portable_harness.exercise import guest, sandbox
from portable_harness.exercise.catalogue import Exercise
from portable_harness.exercise.job import (
    Job,
    Reports,
    environment,
    has_lock_rules,
    lock_result,
    tests_text,
)
from portable_harness.exercise.kit import Run
from portable_harness.exercise.model import NOT_STARTED, Check, Failed, Result, Status
from portable_harness.exercise.program import Program
from portable_harness.exercise.report_pipe import ReportPipe
from portable_harness.exercise.starting import patient

MODULE_LIMIT = 15.0  # seconds for a check of a module, on a machine that is not busy
END_LIMIT = 0.5  # seconds in which a program that is ending ends
END_ADVICE = "An exception in the main thread, exit() or the end of main() ends the program."
IMPATIENT = 3.0  # seconds of patience once an answer did not come


def run(job: Job) -> Iterator[Result]:
    """Each result as soon as it is there; with ``first`` the run ends at a failure."""
    with tempfile.TemporaryDirectory(prefix="exercise-") as folder:
        work = Path(folder)
        shutil.copyfile(job.file, work / job.exercise.file)
        job = replace(job, uid=sandbox.own_user(), exercise=_in_time(job.exercise))
        if job.uid is not None:
            os.chown(work, job.uid, -1)
        runner = guest.run if job.exercise.kind == "module" else _run_program
        failed = False
        for result in runner(job, work):
            failed = failed or result.status is not Status.PASSED
            yield result
            if failed and job.first:
                return


def _in_time(exercise: Exercise) -> Exercise:
    """The exercise, whose checks of a module may take less time where the machine is not busy.

    A call that never returns is noticed only by the time limit, and a student waits for that.
    """
    if exercise.kind != "module":
        return exercise
    seconds = min(exercise.limits.seconds, patient(MODULE_LIMIT))
    return replace(exercise, limits=replace(exercise.limits, seconds=seconds))


def checks_of(job: Job) -> list[Check]:
    """The checks that a program's tests.py defines, in its order."""
    path = job.exercise.tests
    module = types.ModuleType(f"exercise_{job.exercise.number:02}_tests")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # dataclasses look their module up
    exec(compile(tests_text(job.exercise, job.words), str(path), "exec"), vars(module))
    found = [getattr(value, "check", None) for value in vars(module).values()]
    return list(dict.fromkeys(one for one in found if isinstance(one, Check)))


def _run_program(job: Job, work: Path) -> Iterator[Result]:
    reports: Reports = []
    patience, began, why = job.patience, False, ""
    for serial, check in enumerate(checks_of(job)):
        if job.checks and check.name not in job.checks:
            continue
        if why:  # it would not start for this check either
            yield Result.of(check, Status.NOT_REACHED, came=why)
            continue
        result = _one(job, check, work, serial, patience, reports)
        began = began or result.sent != NOT_STARTED
        why = "" if began else "the program does not start"
        if "within" in result.came:
            patience = min(patience, IMPATIENT)
        yield result
    if has_lock_rules(job) and (began or not why):
        yield lock_result(job, reports)


def _one(
    job: Job, check: Check, work: Path, serial: int, patience: float, reports: Reports
) -> Result:
    """Start the program anew, do the check, end the program."""
    pipe = ReportPipe(job.uid)
    program = Program(
        [*job.command, *_watched(job, pipe.path), job.exercise.file],
        work, environment(work), job.exercise.limits, job.uid, [pipe.descriptor],
    )  # fmt: skip
    seed = job.seed * 1_000 + serial
    room = Room(program, Transcript(), seed, True, patience)
    slowly = [*job.command, str(on_guest("exercise") / "slow_motion.py"), job.exercise.file]
    one = Run(program, room, job.interpreter, slowly)
    began = time.monotonic()
    told: dict[str, Any] = {}
    status = Status.PASSED
    try:
        assert check.run is not None
        check.run(one)
    except (Broken, Failed) as broken:
        status = Status.FAILED
        told = {"sent": broken.sent, "came": broken.came, "due": broken.due}
    except Exception as error:
        status = Status.ERROR
        told = {"came": f"{type(error).__name__}: {error}"}
    finally:
        told.update(_unexpected_end(job, program, told))
        one.close_clients()
        program.close()
        reports += pipe.close()
    if program.verdict:
        status = Status.FAILED
        told.update(came=f"it was ended: it {program.verdict}", due="a program within its limits")
        told["advice"] = ""
    elif status is Status.FAILED and program.refused:
        told["came"] += f" (it {program.refused})"
    told["not_limited"] = program.lacks
    told["output"] = "" if status is Status.PASSED else program.output
    return Result.of(check, status, seconds=time.monotonic() - began, **told)


def _unexpected_end(job: Job, program: Program, told: Mapping[str, str]) -> dict[str, str]:
    """What is added to a failure when the program has ended, which it should not by itself."""
    if not told or told.get("sent") == NOT_STARTED or job.exercise.ends or not program.has_begun:
        return {}
    status = program.wait(END_LIMIT)
    if status is None:
        return {}
    return {"came": f"the program ended with status {status}; {told['came']}", "advice": END_ADVICE}


def _watched(job: Job, record: str) -> list[str]:
    rules = job.exercise.lock_rules
    if rules is None:
        return []
    return [str(on_guest("exercise") / "watched.py"), record, str(rules.hold_limit)]

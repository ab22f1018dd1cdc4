"""What is to be run, and what both kinds of exercises need for it: programs and modules."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portable_harness.base.guests import guest_variables
from portable_harness.base.tree import guest_tree, on_guest
from portable_harness.exercise import variants
from portable_harness.exercise.catalogue import Exercise
from portable_harness.exercise.model import LOCK_RULES, Result, Status

Reports = list[dict[str, Any]]
#: Variables that a student's program gets; any other may be a secret of the grader.
KEPT = re.compile(
    "PATH|LANG|LC_[A-Z]+|TZ|NO_COLOR|PYTHONPATH|JYTHONPATH|PYTHONIOENCODING|JAVA_HOME|JYTHON_HOME"
    "|LD_LIBRARY_PATH|SANDBOX_.*"
)


@dataclass(frozen=True)
class Job:
    """What is to be run."""

    exercise: Exercise
    file: Path  # the student's
    interpreter: str  # its name
    command: Sequence[str]  # how it is started
    seed: int = 1
    patience: float = 20.0
    only: Sequence[str] = ()
    first: bool = False  # stop at the first failure
    words: Mapping[str, str] = field(default_factory=dict)
    uid: int | None = None  # chosen by `run`

    @property
    def checks(self) -> Sequence[str]:
        """Those to run, empty for all: the lock rules are judged by the runs of all the others."""
        return () if LOCK_RULES.name in self.only else self.only


def tests_text(exercise: Exercise, words: Mapping[str, str]) -> str:
    """tests.py with the words of the variant."""
    return variants.replaced(exercise.tests.read_text(encoding="utf-8"), words)


def has_lock_rules(job: Job) -> bool:
    """Whether the check ``lock-rules`` is asked for."""
    asked = not job.only or LOCK_RULES.name in job.only
    return job.exercise.lock_rules is not None and asked


def lock_result(job: Job, reports: Reports) -> Result:
    """The check ``lock-rules``: what the watch reported over all the runs."""
    assert job.exercise.lock_rules is not None
    kinds = job.exercise.lock_rules.kinds
    bad = [one for one in reports if one.get("kind") in kinds]
    if not bad:
        return Result.of(LOCK_RULES, Status.PASSED)
    found = sorted({str(one["kind"]) for one in bad})
    return Result.of(
        LOCK_RULES, Status.FAILED, sent="all of the above, under the lock watch",
        came=", ".join(found), due="no report", output=str(bad[0].get("text", "")),
    )  # fmt: skip


def environment(work: Path) -> dict[str, str]:
    """The child's variables; the tree is in reach for the lock watch and the guest's kit."""
    ours = {
        "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONFAULTHANDLER": "1",
        "HOME": str(work), "TMPDIR": str(work),
    }  # fmt: skip
    made = guest_variables([str(guest_tree()), str(on_guest("exercise"))], ours)
    return {name: value for name, value in made.items() if name in ours or KEPT.fullmatch(name)}

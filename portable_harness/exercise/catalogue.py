"""The exercises: one folder each, described by its exercise.json (exercises/README.md)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portable_harness.base.errors import Problem
from portable_harness.base.tree import exercises

FOLDER = exercises()
EVERYWHERE = "2.7,3.6,3.13,3t,pypy,jython"
KINDS = ("program", "module")
FILES = 8  # files of the largest size that there may be


@dataclass(frozen=True)
class Limits:
    """What the student's program may use."""

    seconds: float = 60.0  # that one check may take
    memory_mib: int = 1024  # of all its processes, resident
    processes: int = 64
    threads: int = 256  # besides the first of each process; a JVM has some thirty of its own
    file_mib: int = 16  # of one file
    descriptors: int = 4096  # in a process; a listener of Jython takes six for each processor
    output_kib: int = 256  # that it prints, on stdout and on stderr

    @property
    def files_mib(self) -> int:
        """The size of all files that it may write together."""
        return self.file_mib * FILES


@dataclass(frozen=True)
class LockRules:
    """Which reports of the lock watch fail the check ``lock-rules``."""

    hold_limit: float = 1.0  # seconds
    kinds: tuple[str, ...] = ("held-too-long", "blocked-while-holding", "lock-order")


@dataclass(frozen=True)
class Exercise:
    """One exercise."""

    folder: Path
    number: int
    title: str
    minutes: int
    kind: str
    file: str  # the name that the student's file has
    interpreters: str  # those that it has to run on
    without: Mapping[str, str]  # interpreter: why it cannot run there
    limits: Limits
    lock_rules: LockRules | None
    starts: tuple[str, ...]  # start files; a variant chooses one
    start_fails: Mapping[str, Sequence[str]]  # interpreter: checks
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)
    points: Mapping[str, float] = field(default_factory=dict)  # check: its weight, else 1
    start_passes: Sequence[str] = ()  # interpreters where the start file passes: it is to be ported
    lesson: Sequence[str] = ()  # the checks of what is to be learnt
    ends: bool = False  # whether the program ends by itself

    @property
    def name(self) -> str:
        """The folder's name: "01-one-time-echo"."""
        return self.folder.name

    @property
    def solution(self) -> Path:
        """The reference solution."""
        return self.folder / "solution.py"

    @property
    def tests(self) -> Path:
        """The checks that a student sees."""
        return self.folder / "tests.py"

    @property
    def start(self) -> Path:
        """The file that a student begins with."""
        return self.folder / self.starts[0]


def load(folder: Path) -> Exercise:
    """The exercise in a folder. :raises Problem: where its exercise.json is wrong."""
    path = folder / "exercise.json"
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return _parsed(folder, values)
    except OSError as error:
        raise Problem(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError) as error:
        why = f"no {error}" if isinstance(error, KeyError) else str(error)
        raise Problem(f"{path}: {why}", "exercises/README.md says what belongs there") from None


def _parsed(folder: Path, values: dict[str, Any]) -> Exercise:
    if values["kind"] not in KINDS:
        raise ValueError(f"kind {values['kind']!r} is none of {', '.join(KINDS)}")
    rules = values.get("lock_rules")
    fails = values["start_fails"]
    variants = values.get("variants", {})
    return Exercise(
        folder=folder,
        number=int(values["number"]),
        title=values["title"],
        minutes=int(values["minutes"]),
        kind=values["kind"],
        file=values["file"],
        interpreters=values.get("interpreters", EVERYWHERE),
        without=values.get("without", {}),
        limits=Limits(**values.get("limits", {})),
        lock_rules=None if rules is None else _lock_rules(rules),
        starts=tuple(variants.get("starts", ["start.py"])),
        start_fails=fails if isinstance(fails, dict) else {"cpython": fails},
        words=variants.get("words", {}),
        points=values.get("points", {}),
        start_passes=values.get("start_passes", ()),
        lesson=values["lesson"],
        ends=values.get("ends", False),
    )


def _lock_rules(values: dict[str, Any]) -> LockRules:
    rules = LockRules(**values)
    return LockRules(rules.hold_limit, tuple(rules.kinds))


def all_exercises() -> list[Exercise]:
    """All of them, in order. :raises Problem: where they are missing."""
    if not FOLDER.is_dir():
        raise Problem("the exercises are not here", "install portable-server again")
    return [load(path.parent) for path in sorted(FOLDER.glob("[0-9][0-9]-*/exercise.json"))]


def find(number: str) -> Exercise:
    """By number ("1", "01") or name. :raises Problem: when there is none."""
    exercises = all_exercises()
    for exercise in exercises:
        if number == exercise.name or (number.isdigit() and int(number) == exercise.number):
            return exercise
    known = ", ".join(f"{one.number:02}" for one in exercises)
    raise Problem(f"there is no exercise {number!r}", f"there are {known}")

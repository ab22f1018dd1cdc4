"""How far a student has come: a small file in each folder that ``exercise start`` made.

It is kept beside the student's work, so that it moves and is deleted with it; ``exercise list``
looks for such folders here, below, and beside this one. A folder without it, or with one that
cannot be read, is one of which nothing is known.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from portable_harness.base.cache import write_atomically
from portable_harness.base.options import command_name
from portable_harness.exercise.catalogue import Exercise

FILE = ".exercise.json"


@dataclass
class Achievement:
    """Of one exercise in one folder."""

    exercise: str
    variant: str | None = None
    done: bool = False  # passed on every interpreter of the exercise that was there
    passed: dict[str, list[int]] = field(default_factory=dict)  # interpreter: how many, of how many

    @property
    def state(self) -> str:
        """ "done", "tried" or "open"."""
        return "done" if self.done else "tried" if self.passed else "open"

    @property
    def interpreters(self) -> list[str]:
        """Those where all checks passed at the last test."""
        return [name for name, (good, of) in self.passed.items() if good == of > 0]

    def add(self, counts: Mapping[str, tuple[int, int]], everywhere: bool) -> None:
        """What came of a test.

        :param everywhere: on all the interpreters of the exercise
        """
        self.passed.update({name: list(both) for name, both in counts.items()})
        good = bool(counts) and all(passed == of > 0 for passed, of in counts.values())
        self.done = good and (everywhere or self.done)

    def write(self, folder: Path) -> None:
        """Keep it; a folder that cannot be written has no memory."""
        with suppress(OSError):
            write_atomically(folder / FILE, json.dumps(asdict(self)) + "\n")


def read(folder: Path) -> Achievement | None:
    """What is known of a folder."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        achievement = Achievement(**json.loads((folder / FILE).read_text(encoding="utf-8")))
        achievement.interpreters  # noqa: B018  (raises where the numbers are none)
        return achievement
    return None


def best(folder: Path) -> dict[str, Achievement]:
    """Of each exercise the folder where the student came farthest: this, below, or beside it."""
    found: dict[str, Achievement] = {}
    for achievement in filter(None, map(read, _places(folder.absolute()))):
        before = found.get(achievement.exercise)
        if before is None or _rank(achievement) > _rank(before):
            found[achievement.exercise] = achievement
    return found


def _rank(achievement: Achievement) -> tuple[bool, int]:
    return achievement.done, len(achievement.interpreters)


def _places(folder: Path) -> Iterator[Path]:
    yield folder
    yield from _below(folder)
    if read(folder) is not None:
        yield from _below(folder.parent)


def _below(folder: Path) -> Iterable[Path]:
    with suppress(OSError):
        return sorted(path for path in folder.iterdir() if path.is_dir())
    return []


Row = tuple[Exercise, Achievement]


def rows(exercises: Iterable[Exercise], folder: Path) -> list[Row]:
    """Each exercise with how far it is done."""
    known = best(folder)
    return [(one, known.get(one.name) or Achievement(one.name)) for one in exercises]


def line(exercise: Exercise, achievement: Achievement) -> str:
    """For a terminal."""
    counts = [
        name if good == of else f"{name} {good}/{of}"
        for name, (good, of) in achievement.passed.items()
    ]
    title = f"{exercise.number:02}  {exercise.title:40} {exercise.minutes:3} minutes"
    return f"{title}  {achievement.state:5}  {', '.join(counts)}".rstrip()


def as_json(exercise: Exercise, achievement: Achievement) -> dict[str, Any]:
    """For a program."""
    names = ("number", "name", "title", "minutes", "kind", "file")
    return {
        **{name: getattr(exercise, name) for name in names},
        "state": achievement.state,
        "passed": {name: {"checks": of, "passed": good}
                   for name, (good, of) in achievement.passed.items()},
    }  # fmt: skip


def conclusion(everything: Sequence[Row]) -> str:
    """How many are done, and what comes next."""
    left = [row for row in everything if row[1].state != "done"]
    done = f"{len(everything) - len(left)} of {len(everything)} done."
    if not left:
        return done
    exercise, achievement = left[0]
    word = "test" if achievement.state == "tried" else "start"
    return f"{done} Next: {command_name()} exercise {word} {exercise.number}"

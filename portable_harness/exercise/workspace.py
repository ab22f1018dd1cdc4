"""A student's workspace: a folder with an exercise, its hints one at a time, and its tests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import click
import platformdirs

from portable_harness.base.errors import Problem
from portable_harness.base.options import command_name
from portable_harness.base.outputs import STDOUT, write_json
from portable_harness.exercise import sandbox, suite, variants
from portable_harness.exercise.achievements import Achievement, read
from portable_harness.exercise.catalogue import Exercise
from portable_harness.exercise.job import Job
from portable_harness.exercise.model import Result, Status
from portable_harness.interpreters import Absent, Interpreter, select
from portable_harness.jython import fast_command


def start(exercise: Exercise, folder: Path, variant: str | None) -> Path:
    """Make the folder. :raises Problem: where one of its files is there already"""
    words = variants.words(exercise, variant)
    begin = exercise.folder / variants.start_file(exercise, variant)
    files = {"README.md": exercise.folder / "README.md", "tests.py": exercise.tests,
             exercise.file: begin}  # fmt: skip
    for name in files:
        if (folder / name).exists():
            raise Problem(f"{folder / name} is there already", "name another folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, source in files.items():
            text = variants.replaced(source.read_text(encoding="utf-8"), words)
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise Problem(f"cannot write {error.filename}: {error.strerror}") from None
    Achievement(exercise.name, variant).write(folder)
    return folder


def hints(exercise: Exercise) -> list[str]:
    """The numbered items of its page's section ``## Hints``."""
    page = (exercise.folder / "README.md").read_text(encoding="utf-8")
    return [one.strip() for one in re.split(r"^\d\. ", page.partition("## Hints\n")[2],
                                            flags=re.MULTILINE)[1:]]  # fmt: skip


def next_hint(exercise: Exercise, again: bool) -> str:
    """The hint behind the last that was shown; which one that was is kept for the user."""
    path = platformdirs.user_state_path("portable-server") / "hints.json"
    shown: dict[str, int] = {}
    with suppress(OSError, ValueError):
        shown = dict(json.loads(path.read_text(encoding="utf-8")))
    everything = hints(exercise)
    number = 0 if again else min(shown.get(exercise.name, 0), len(everything) - 1)
    shown[exercise.name] = number + 1
    with suppress(OSError):  # without a memory the same hint comes again
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(shown), encoding="utf-8")
    return f"{number + 1} of {len(everything)}: {everything[number]}"


def student_file(exercise: Exercise, given: Path | None) -> Path:
    """What is to be tested. :raises Problem: where it is not there"""
    path = given or Path()
    path = path / exercise.file if path.is_dir() else path
    if not path.is_file():
        remedy = f"exercise start {exercise.number} makes it, or name it"
        raise Problem(f"there is no {path}", remedy)
    return path


@dataclass(frozen=True)
class Session:
    """What is to be tested, and how."""

    exercise: Exercise
    file: Path
    seed: int
    first: bool
    variant: str | None

    @classmethod
    def at(
        cls, exercise: Exercise, file: Path, seed: int, first: bool, variant: str | None
    ) -> Session:
        """With the variant of the folder, where none is given."""
        known = read(file.parent)
        if variant is None and known is not None and known.exercise == exercise.name:
            variant = known.variant
        return cls(exercise, file, seed, first, variant)

    def remember(self, counts: Mapping[str, tuple[int, int]], everywhere: bool) -> None:
        """Only in a folder that `start` made for this exercise."""
        known = read(self.file.parent)
        if known is not None and known.exercise == self.exercise.name:
            known.add(counts, everywhere)
            known.write(self.file.parent)

    def results(self, interpreter: Interpreter) -> Iterator[Result]:
        """Each check's result on an interpreter, as it comes."""
        return suite.run(Job(
            self.exercise, self.file, interpreter.name, fast_command(interpreter), self.seed,
            first=self.first, words=variants.words(self.exercise, self.variant),
        ))  # fmt: skip


def test(session: Session, wanted: str | None, json_file: str | None) -> int:
    """Run the checks, tell each result, remember how many passed; the exit status."""
    told: dict[str, object] = {}
    shown = json_file != STDOUT
    counts: dict[str, tuple[int, int]] = {}
    good = True
    absent = []
    for one in select(interpreters_for(session.exercise, wanted)):
        if isinstance(one, Absent):
            absent += [one.name] if wanted else []  # who names an interpreter wants it
            told[one.name] = {"absent": one.reason, "remedy": one.remedy}
            if shown:
                click.echo(f"{one.name}: absent: {one.reason} ({one.remedy})")
            continue
        results = list(_shown(session, one) if shown else session.results(one))
        told[one.name] = [result.as_json() for result in results]
        passed = sum(result.status is Status.PASSED for result in results)
        counts[one.name] = (passed, len(results))
        good = good and passed == len(results) > 0
        session.remember(counts, everywhere=False)  # also when the next is interrupted
        if session.first and not good:
            break
    session.remember(counts, everywhere=wanted is None)
    write_json(json_file, {"exercise": session.exercise.name, "results": told})
    if shown:
        click.echo(_conclusion(session.exercise, good, list(counts), absent))
    return int(not good or not counts or bool(absent))


def _shown(session: Session, interpreter: Interpreter) -> Iterator[Result]:
    """Each result behind its line; at the end what the sandbox could not limit on this system."""
    lacks: set[str] = set()
    for result in session.results(interpreter):
        show(interpreter.name, result)
        lacks.update(result.not_limited)
        yield result
    for name in sorted(lacks):
        why = sandbox.NOT_LIMITED[name]
        click.echo(f"{interpreter.name:8} not limited here: {name} ({why})")


def interpreters_for(exercise: Exercise, wanted: str | None) -> str:
    """Those that are wanted, or else all of the exercise's on which it can be done.

    :raises Problem: where it cannot be done on one that is wanted
    """
    if wanted is None:
        names = exercise.interpreters.split(",")
        return ",".join(name for name in names if name not in exercise.without)
    for name in map(str.strip, wanted.split(",")):
        if why := exercise.without.get(name):
            raise Problem(
                f"exercise {exercise.number} cannot be done on {name}: {why}",
                f"leave {name} out of --interpreters",
            )
    return wanted


def show(interpreter: str, result: Result) -> None:
    """A line; for a failure what was sent, what came, what was due, and the advice."""
    click.echo(f"{interpreter:8} {result.status.value:7} {result.check:18} {result.promise}")
    if result.status is Status.PASSED:
        return
    for name in ("sent", "came", "due", "advice"):
        if value := getattr(result, name):
            click.echo(f"         {name + ':':7} {value}")
    for line in result.output.strip().splitlines()[-4:]:
        click.echo(f"         | {line}")


def _conclusion(exercise: Exercise, good: bool, ran: list[str], absent: list[str]) -> str:
    if not good:
        return f"Not yet. {command_name()} exercise hint {exercise.number} helps."
    passed = f"All passed on {', '.join(ran)}." if ran else "Nothing was run."
    return f"{passed} Absent: {', '.join(absent)}." if absent else passed

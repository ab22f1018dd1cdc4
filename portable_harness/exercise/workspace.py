"""A student's workspace: a folder with an exercise, its hints one at a time, and its tests."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import click
import platformdirs

from portable_harness.base.errors import Problem
from portable_harness.base.options import command_name
from portable_harness.base.outputs import STDOUT, write_json
from portable_harness.exercise import messages, sandbox, starting, suite, variants
from portable_harness.exercise.achievements import Achievement, read
from portable_harness.exercise.catalogue import Exercise
from portable_harness.exercise.job import Job
from portable_harness.exercise.model import Result, Status
from portable_harness.interpreters import Absent, Interpreter, select
from portable_harness.jython import fast_command

PATIENCE = 15.0  # seconds that an answer may take on a machine that is not busy


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
            text = _as_typed_here(text) if name == "README.md" else text
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise Problem(f"cannot write {error.filename}: {error.strerror}") from None
    Achievement(exercise.name, variant).write(folder)
    return folder


def _as_typed_here(page: str) -> str:
    """The page with its commands as they run in any folder: ./portable of a checkout is in one."""
    command = command_name()
    if "/" in command:
        command = shlex.quote(str(Path(command).resolve()))
    elif shutil.which(command) is None:
        command = shlex.join([sys.executable, "-m", "portable_harness"])
    return page.replace("    portable-server exercise", f"    {command} exercise")


def hints(exercise: Exercise) -> list[str]:
    """The numbered items of its hints.md, which is not on the page that a student reads first."""
    text = (exercise.folder / "hints.md").read_text(encoding="utf-8")
    return [item.strip() for item in re.split(r"^\d\. ", text, flags=re.MULTILINE)[1:]]


def next_hint(exercise: Exercise, again: bool) -> str:
    """The hint after the last one that was shown; the user's state says which one that was."""
    path = platformdirs.user_state_path("portable-server") / "hints.json"
    shown: dict[str, int] = {}
    with suppress(OSError, ValueError):
        shown = dict(json.loads(path.read_text(encoding="utf-8")))
    everything = hints(exercise)
    number = 0 if again else shown.get(exercise.name, 0)
    if number >= len(everything):
        command = f"{command_name()} exercise hint {exercise.number} --again"
        return f"There are no more hints: you have seen all {len(everything)}. Again: {command}"
    shown[exercise.name] = number + 1
    with suppress(OSError):  # without a memory the same hint comes again
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(shown), encoding="utf-8")
    known = read(_folder(exercise))
    words = variants.words(exercise, known.variant if known else None)
    hint = variants.replaced(everything[number], words)
    return f"{number + 1} of {len(everything)}: {hint}"


def _folder(exercise: Exercise) -> Path:
    """Where the student works: this folder, or the one in it that `start` made."""
    here = read(Path())
    if here is not None and here.exercise == exercise.name:
        return Path()
    made = Path(exercise.name)
    return made if read(made) is not None and not Path(exercise.file).is_file() else Path()


def student_file(exercise: Exercise, given: Path | None) -> Path:
    """What is to be tested.

    Without a path: the file in this folder, or in the folder in it that `start` made.

    Raises:
        Problem: it is not there; the message names the Python files that are.
    """
    path = given or _folder(exercise)
    path = path / exercise.file if path.is_dir() else path
    if path.is_file():
        return path
    there = sorted(
        file.name
        for file in path.parent.glob("*")
        if file.name != "tests.py" and ".py" in file.suffixes
    )
    remedy = f"{command_name()} exercise start {exercise.number} makes it"
    if there:
        remedy = f"there is {', '.join(there)}; rename it, or name it in the command"
    raise Problem(f"there is no {path}", remedy)


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
            patience=starting.patient(PATIENCE), first=self.first,
            words=variants.words(self.exercise, self.variant),
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
    """Print each result; at the end which checks were not run, and what could not be limited."""
    lacks: set[str] = set()
    left: list[Result] = []
    for result in session.results(interpreter):
        if result.status is Status.NOT_REACHED:
            left.append(result)
        else:
            for line in messages.lines(interpreter.name, result, session.file):
                click.echo(line)
        lacks.update(result.not_limited)
        yield result
    if left:
        click.echo(f"{interpreter.name:8} {len(left)} further checks were not run: {left[0].came}")
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


def _conclusion(exercise: Exercise, good: bool, ran: list[str], absent: list[str]) -> str:
    if not good:
        return f"Not yet. {command_name()} exercise hint {exercise.number} helps."
    passed = f"All passed on {', '.join(ran)}." if ran else "Nothing was run."
    return f"{passed} Absent: {', '.join(absent)}." if absent else passed

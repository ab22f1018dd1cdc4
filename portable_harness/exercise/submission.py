"""Grade one submission, and have its results written whatever happens to it, or to the grader.

The files are written before the first check, with every row "not reached", and again behind each
result: one that was killed leaves what it had. Each is written beside its place and moved there, so
that nobody reads half of it. Ctrl-C, SIGTERM and the time limit end the check of the moment as an
exception does, with the program's processes ended behind it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import click
import psutil

from portable_harness.base.cache import write_atomically
from portable_harness.base.errors import BAD_USAGE, INTERRUPTED, Problem
from portable_harness.base.text import clean
from portable_harness.exercise import exposure, suite, variants, workspace
from portable_harness.exercise.catalogue import Exercise
from portable_harness.exercise.grade import Grading
from portable_harness.exercise.job import Job, tests_text
from portable_harness.exercise.model import NOT_STARTED, Result, Status
from portable_harness.exercise.result_formats import FORMATS, Points
from portable_harness.interpreters import Absent, Interpreter, select
from portable_harness.jython import fast_command

SEED_VARIABLE = "PORTABLE_HIDDEN_SEED"
LARGEST = 1_000_000  # bytes of a submission
ATTEMPTS = 2  # starts that fail, with nothing that passed before, until the rest is given up
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)
UNSAFE = "Graded with --unsafe: the program could read files that are not its own."
REMEDY = "grade as root, or where user namespaces are allowed, or give --unsafe"
WORK_FOLDER = re.compile(r"[^\s\"']*/exercise-\w{8}/")


class Ending:
    """Ends the grading from outside: by a signal, or when the time is over.

    What came is kept, because the exception that a signal raises may come in the middle of an
    ending, where another exception takes its place.
    """

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds or 0.0
        self.why = ""  # empty until it came
        self.status = 0

    def _ring(self, number: int, frame: object) -> None:
        if number == signal.SIGALRM:
            self.why = f"the time limit of {self._seconds:g} s was over"
        else:
            self.why, self.status = "the grading was interrupted", INTERRUPTED
        raise KeyboardInterrupt

    def __enter__(self) -> Ending:
        self._before = {number: signal.signal(number, self._ring) for number in SIGNALS}
        signal.setitimer(signal.ITIMER_REAL, self._seconds)
        return self

    def __exit__(self, *unused: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self._before.items():
            signal.signal(number, handler)


@dataclass(frozen=True)
class Submission:
    """What is to be graded, and how."""

    exercise: Exercise
    file: Path
    interpreters: str | None  # None: those of the exercise that are here
    seed: int = 1
    is_hidden: bool = False
    variant: str | None = None
    time_limit: float | None = None  # seconds
    targets: Mapping[str, Path] = field(default_factory=dict)  # name of a form: file
    points: Points = field(default_factory=Points)
    unsafe: bool = False  # grade where the sandbox cannot hide what is not the student's

    def save(self, grading: Grading) -> None:
        """Write all forms. :raises Problem: where a file cannot be written"""
        try:
            for name, path in self.targets.items():
                write_atomically(path, FORMATS[name](grading, self.points))
        except OSError as error:
            raise Problem(f"cannot write {error.filename}: {error.strerror}") from None

    def clean(self, result: Result) -> Result:
        """Fit for any form, without the grader's folders or a hidden seed that was printed."""

        def text(value: str) -> str:
            value = WORK_FOLDER.sub("", clean(value))
            return value.replace(str(self.seed), "(hidden)") if self.is_hidden else value

        output = text(result.output)
        if "files" in result.not_limited and self.unsafe:
            output = f"{UNSAFE}\n{output}".rstrip()
        return replace(
            result, sent=text(result.sent), came=text(result.came), due=text(result.due),
            output=output,
        )  # fmt: skip

    def refusal(self) -> str:
        """Why nothing may be graded here; empty where it may."""
        secrets = (self.exercise.folder, self.exercise.solution, Path.home())
        if self.unsafe or not exposure.exposed(exposure.probe(), secrets):
            return ""
        return "the sandbox cannot hide the solution and your files from the submission here"


def hidden_seed(secret: str, exercise: Exercise, variant: str | None) -> int:
    """A seed of this exercise and student, from which the secret cannot be found."""
    key = f"{secret.strip()} {exercise.name} {variant}".encode()
    return int.from_bytes(hashlib.sha256(key).digest()[:6], "big") + 2  # 1 is the student's


def read_secret(file: str | None) -> str:
    """The instructor's: of a file ("-": standard input), else of the variable.

    The variable is taken away, so that the student's program does not inherit it.

    :raises Problem: when there is none
    """
    secret = os.environ.pop(SEED_VARIABLE, "")
    if file is not None:
        try:
            secret = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Problem(f"cannot read the secret in {file}: {error}") from None
    if not secret.strip():
        raise Problem("--hidden needs a secret", f"--seed-file FILE or {SEED_VARIABLE}")
    return secret


def problem_of(file: Path) -> str:
    """Why this cannot be a submission; empty where it can. A link could lead to a secret."""
    if file.is_symlink() or not file.is_file():
        what = "is a link" if file.is_symlink() else "was not handed in"
        return f"{file.name} {what}: hand in a file of that name"
    size = file.stat().st_size
    return f"{file.name} has {size} bytes, more than {LARGEST}" if size > LARGEST else ""


def grade_submission(submission: Submission) -> int:
    """Grade it, write the files, say what came of it; the exit status."""
    exercise = submission.exercise
    wanted = workspace.interpreters_for(exercise, submission.interpreters)
    chosen = select(wanted)
    absent = [one for one in chosen if isinstance(one, Absent)]
    here = [one for one in chosen if isinstance(one, Interpreter)]
    words = variants.words(exercise, submission.variant)
    rows = chosen if submission.interpreters else here
    grading = Grading.of(exercise, tests_text(exercise, words), [one.name for one in rows])
    status = _absences(grading, absent, bool(submission.interpreters))
    submission.save(grading)
    if trouble := problem_of(submission.file):
        grading.end(clean(trouble))
        status = status or 1
    elif trouble := submission.refusal():
        grading.end(f"{trouble}; tell your instructor")
        submission.save(grading)
        raise Problem(trouble, REMEDY)
    else:
        status = _run(submission, here, grading) or status
    _finish(submission, grading)
    return status or int(grading.passed < len(grading.rows) or not grading.rows)


def _absences(grading: Grading, absent: Sequence[Absent], wanted: bool) -> int:
    """An interpreter that was asked for and is not here is the grader's fault."""
    for one in absent:
        grading.notes.append(f"{one.name} is not on this machine, so nothing was tested there.")
        grading.give_up(one.name, f"the grader has no {one.name}; tell your instructor")
        if wanted:
            click.echo(f"Error: {one.name}: {one.reason} ({one.remedy})", err=True)
    return BAD_USAGE if absent and wanted else 0


def _run(submission: Submission, here: Sequence[Interpreter], grading: Grading) -> int:
    """All the checks, as far as one comes; the status of an end before the end, else 0."""
    before = set(psutil.Process().children(recursive=True))
    ending = Ending(submission.time_limit)
    try:
        with ending:
            for one in here:
                _run_on(submission, one, grading, ending)
    except BaseException as error:  # whatever it is, the student gets the results that are there
        failure = f"the grader failed, tell your instructor ({type(error).__name__}: {error})"
        grading.end(ending.why or clean(failure))
        return ending.status if ending.why else BAD_USAGE
    finally:
        _end_children(before)
    grading.end()
    return 0


def _run_on(
    submission: Submission, interpreter: Interpreter, grading: Grading, ending: Ending
) -> None:
    """A program that does not start costs its start limit twice, not for each check."""
    job = Job(
        submission.exercise, submission.file, interpreter.name, fast_command(interpreter),
        submission.seed, words=variants.words(submission.exercise, submission.variant),
    )  # fmt: skip
    attempts = 0
    with contextlib.closing(suite.run(job)) as results:  # type: ignore[type-var]
        for result in map(submission.clean, results):
            grading.put(interpreter.name, result)
            submission.save(grading)
            grading.not_limited.update(result.not_limited)
            if ending.why:
                raise KeyboardInterrupt
            attempts += result.sent == NOT_STARTED
            if result.status is Status.PASSED:
                attempts = -len(grading.rows)
            if attempts == ATTEMPTS:
                grading.give_up(interpreter.name, f"it does not start: {result.came}")
                return


def _end_children(others: set[psutil.Process]) -> None:
    """What an interruption in the middle of an ending may have left."""
    for child in set(psutil.Process().children(recursive=True)) - others:
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()


def _finish(submission: Submission, grading: Grading) -> None:
    """The last files: a second Ctrl-C waits for them."""
    before = {number: signal.signal(number, signal.SIG_IGN)
              for number in SIGNALS}  # fmt: skip
    try:
        submission.save(grading)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    click.echo(grading.summary)
    if grading.not_limited:
        click.echo(f"The sandbox could not limit here: {', '.join(sorted(grading.not_limited))}.")
    for row in grading.rows:
        if not row.passed:
            click.echo(f"{row.interpreter:8} {row.result.status.value:11} {row.result.check}")

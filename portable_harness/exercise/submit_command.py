"""The commands ``exercise submit-check`` and ``gradescope-zip``: grade for a platform."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from portable_harness.base.errors import Problem
from portable_harness.base.options import Duration, Finite, pages
from portable_harness.exercise import catalogue, submission, variants, workspace
from portable_harness.exercise.result_formats import FORMATS, Points
from portable_harness.exercise.submission import SEED_VARIABLE, Submission

VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")
EPILOG = f"""\b
Examples:
  portable-server exercise submit-check 1 submission/ --gradescope results.json
  portable-server exercise submit-check 1 server.py --exercism out/results.json --junit out/1.xml
  portable-server exercise submit-check 1 server.py --check50 c.json --interpreters cpython,jython
  {SEED_VARIABLE}=... portable-server exercise submit-check 1 . --hidden --gradescope results.json

The files are written whatever the program does: it may crash, hang, print without end or be
missing. What was not reached when the grading was interrupted says so.

Exit status: 0 all passed, 1 a check failed or nothing was handed in, 2 bad usage or a grader that
lacks something, 130 interrupted."""
EPILOG += pages("teaching")

ZIP_EPILOG = """\b
Examples:
  portable-server exercise gradescope-zip 1 autograder.zip
  portable-server exercise gradescope-zip 12 12.zip --interpreters cpython,jython --points 100
  portable-server exercise gradescope-zip 3 3.zip --variants --hidden --seed-file secret.txt

The zip has the checks of the exercise, without solution and wrong answers. Exit status: 0, or 2."""
SETTINGS = {"help_option_names": ["-h", "--help"]}
PATH = click.Path(path_type=Path, dir_okay=False)


@click.command("submit-check", epilog=EPILOG,
               context_settings=SETTINGS)  # fmt: skip
@click.argument("number", metavar="NN")
@click.argument("file", required=False, type=click.Path(path_type=Path), metavar="[FILE|DIR]")
@click.option("--exercism", type=PATH, help="Write Exercism's results.json (version 3).")
@click.option("--gradescope", type=PATH, help="Write Gradescope's results.json.")
@click.option("--check50", type=PATH, help="Write JSON as check50 does.")
@click.option("--junit", type=PATH, help="Write JUnit XML.")
@click.option(
    "--interpreters", metavar="LIST", help="Comma-separated names. Default: those of the exercise."
)
@click.option("--variant", metavar="ID", help="The student's ID.")
@click.option("--hidden", is_flag=True, help="With words and numbers that the student cannot know.")
@click.option("--seed-file", metavar="FILE",
              help=f"The secret of --hidden; - reads it. Default: ${SEED_VARIABLE}.")  # fmt: skip
@click.option("--time-limit", type=Duration(), metavar="TIME", default="30m",
              show_default=True, help="Overall time limit: 90s, 8m.")  # fmt: skip
@click.option("--unsafe", is_flag=True,
              help="Grade even where the sandbox cannot hide your files.")  # fmt: skip
@click.option("--points", type=Finite(min=0, min_open=True), metavar="N",
              help="Gradescope: total points. Default: one per check.")  # fmt: skip
@click.option("--visibility", type=click.Choice(VISIBILITIES), default="visible", show_default=True,
              help="Gradescope: when students see the checks.")  # fmt: skip
@click.pass_context
def submit_check(ctx: click.Context, /, number: str, file: Path | None, **options: Any) -> None:
    """Grade a submission, and write the results for Exercism, Gradescope, check50 or JUnit."""
    exercise = catalogue.find(number)
    targets = {name: options[name] for name in FORMATS if options[name]}
    if not targets:
        raise Problem("nowhere to write the results", "--gradescope FILE, or another form")
    seed, variant = 1, options["variant"]
    if options["hidden"]:
        secret = submission.read_secret(options["seed_file"])
        seed = submission.hidden_seed(secret, exercise, variant)
    words = variants.words(exercise, variant)
    weights = {variants.replaced(name, words): of for name, of in exercise.points.items()}
    path = file or Path()
    ctx.exit(submission.grade_submission(Submission(
        exercise, path / exercise.file if path.is_dir() else path, options["interpreters"], seed,
        options["hidden"], variant, options["time_limit"], targets,
        Points(options["points"], weights, options["visibility"]), options["unsafe"],
    )))  # fmt: skip


@click.command("gradescope-zip", context_settings=SETTINGS, epilog=ZIP_EPILOG)
@click.argument("number", metavar="NN")
@click.argument("out", metavar="OUT.zip", type=PATH)
@click.option("--interpreters", metavar="LIST", default="cpython,pypy", show_default=True,
              help="Which: cpython, pypy, jython, 2.7; others with --package.")  # fmt: skip
@click.option("--package", "packages", multiple=True, metavar="NAME",
              help="Install this Debian package too.")  # fmt: skip
@click.option("--time-limit", default="8m", show_default=True, metavar="TIME",
              help="Time limit for one submission; Gradescope's own must be longer.")  # fmt: skip
@click.option("--points", type=Finite(min=0, min_open=True), metavar="N",
              help="Total points of all checks.")  # fmt: skip
@click.option("--visibility", type=click.Choice(VISIBILITIES), default="visible", show_default=True,
              help="When students see the checks.")  # fmt: skip
@click.option("--hidden", is_flag=True, help="With a hidden seed, which is put into the zip.")
@click.option("--seed-file", metavar="FILE",
              help=f"The secret of --hidden; - reads it. Default: ${SEED_VARIABLE}.")  # fmt: skip
@click.option("--variants", is_flag=True,
              help="Derive each student's variant from their e-mail address.")  # fmt: skip
def gradescope_zip(number: str, out: Path, **options: Any) -> None:
    """Make a zip with which Gradescope grades an exercise."""
    from portable_harness.exercise.gradescope_zip import Autograder

    more = ["--time-limit", options["time_limit"], "--visibility", options["visibility"]]
    if options["points"]:
        more += ["--points", str(options["points"])]
    secret = submission.read_secret(options["seed_file"]) if options["hidden"] else ""
    exercise = catalogue.find(number)
    data = Autograder(
        exercise, workspace.interpreters_for(exercise, options["interpreters"]), more,
        options["packages"], secret, options["variants"],
    ).zipped()  # fmt: skip
    try:
        out.write_bytes(data)
    except OSError as error:
        raise Problem(f"cannot write {out}: {error.strerror}") from None
    click.echo(f"{out}: upload it as the autograder of a programming assignment")

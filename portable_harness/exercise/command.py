"""The command ``exercise``."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from portable_harness.base.errors import Problem
from portable_harness.base.options import command_name, pages
from portable_harness.base.outputs import STDOUT, json_option, write_json
from portable_harness.exercise import achievements, catalogue, workspace
from portable_harness.exercise.submit_command import gradescope_zip, submit_check

SETTINGS = {"help_option_names": ["-h", "--help"]}
EPILOG = """\b
Examples:
  portable-server exercise list
  portable-server exercise start 1              (makes the folder 01-one-time-echo)
  portable-server exercise test 1               (there or here: to the first failure)
  portable-server exercise test 1 server.py --interpreters 2.7,jython
  portable-server exercise hint 1
  portable-server exercise mutant 1 any_port > server.py
  portable-server exercise submit-check 1 server.py --gradescope results.json

Exit status: 0 all passed, 1 a check failed or an interpreter that was named is absent, 2 bad
usage."""
EPILOG += pages("teaching")


@click.group("exercise", context_settings=SETTINGS, epilog=EPILOG)
def exercise() -> None:
    """Write threaded servers yourself and test them on every interpreter."""


@exercise.command("list", context_settings=SETTINGS)
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@json_option("the list")
def list_command(folder: Path | None, json_file: str | None) -> None:
    """List the exercises in the order of the course, and which of them you have done.

    What `start` made is looked for in DIR, below it, and beside it (default: here).
    """
    rows = achievements.rows(catalogue.all_exercises(), folder or Path())
    write_json(json_file, [achievements.as_json(*row) for row in rows])
    if json_file == STDOUT:
        return
    for row in rows:
        click.echo(achievements.line(*row))
    click.echo(achievements.conclusion(rows))


@exercise.command("start", context_settings=SETTINGS)
@click.argument("number", metavar="NN")
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--variant", metavar="ID", help="Use the variant of this student's ID.")
def start_command(number: str, folder: Path | None, variant: str | None) -> None:
    """Copy an exercise into a new folder: its page, its checks, and the file to begin with."""
    one = catalogue.find(number)
    made = workspace.start(one, folder or Path(one.name), variant)
    click.echo(f"Read {made / 'README.md'}, write {made / one.file}, then:")
    click.echo(f"{command_name()} exercise test {one.number} {shlex.quote(str(made))}")


@exercise.command("hint", context_settings=SETTINGS)
@click.argument("number", metavar="NN")
@click.option("--again", is_flag=True, help="Start again with the first hint.")
def hint_command(number: str, again: bool) -> None:
    """Show the next of an exercise's hints, and say when there are no more."""
    click.echo(workspace.next_hint(catalogue.find(number), again))


@exercise.command("test", context_settings=SETTINGS)
@click.argument("number", metavar="NN")
@click.argument(
    "file", required=False, type=click.Path(path_type=Path, exists=True), metavar="[FILE|DIR]"
)
@click.option(
    "--interpreters", metavar="LIST", help="Comma-separated names. Default: those of the exercise."
)
@click.option(
    "--first/--all-checks", default=True, show_default=True,
    help="Stop at the first check that fails, or do every check on every interpreter.",
)  # fmt: skip
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="Random seed for the words and numbers in the checks.",
)
@click.option(
    "--variant",
    metavar="ID",
    help="A student's ID. Default: the one given to `start` in this folder.",
)
@json_option("all results")
@click.pass_context
def test_command(
    ctx: click.Context, /, number: str, file: Path | None, interpreters: str | None, first: bool,
    seed: int, variant: str | None, json_file: str | None,
) -> None:  # fmt: skip
    """Test what you wrote, on every interpreter that the exercise names.

    \b
    Your program runs in a sandbox: in a folder of its own (HOME too), with limits
      time         60 s for a check        processes    64, and 256 threads
      memory       1024 MiB in all         descriptors  4096
      output       256 KiB                 files        16 MiB each
    or what the exercise's page says, and with a network that has loopback only.
    A program that uses more is ended, and the result says what it used. All that
    it started is ended behind each check. What your system cannot limit (the
    network needs Linux namespaces) is said at the end of an interpreter's results,
    and in --json as `not_limited`. Root's programs run as a user of their own.
    """
    one = catalogue.find(number)
    session = workspace.Session.at(one, workspace.student_file(one, file), seed, first, variant)
    ctx.exit(workspace.test(session, interpreters, json_file))


@exercise.command("verify", context_settings=SETTINGS)
@click.argument("numbers", nargs=-1, metavar="[NN ...]")
@click.option("--only", default="", metavar="TEXT", help="Only this file, mutant or interpreter.")
@click.option("--variant", metavar="ID", help="Verify the variant of this ID.")
@click.pass_context
def verify_command(
    ctx: click.Context, /, numbers: tuple[str, ...], only: str, variant: str | None
) -> None:
    """Prove that exercises are sound: starts fail, solutions pass, mutants are caught."""
    from portable_harness.exercise.verify import verify

    chosen = [catalogue.find(one) for one in numbers] or catalogue.all_exercises()
    bad = proved = 0
    for one in chosen:
        for finding in verify(one, only, variant):
            proved += 1
            bad += bool(finding.problem) and not finding.absent
            state = "absent" if finding.absent else "WRONG" if finding.problem else "ok"
            line = f"{one.number:02} {finding.what:32} {finding.interpreter:8} {state}"
            click.echo(f"{line} {finding.problem}".rstrip())
    if not proved:
        raise Problem(f"no file, mutant or interpreter has {only!r}", "leave out --only for all")
    ctx.exit(int(bad > 0))


@exercise.command("mutant", context_settings=SETTINGS)
@click.argument("number", metavar="NN")
@click.argument("name", required=False)
def mutant_command(number: str, name: str | None) -> None:
    """Print a mutant of an exercise, a plausible wrong answer, for use in class.

    Without NAME: list the mutants, with the check and the interpreter that detect each.
    """
    from portable_harness.exercise.mutant import find, mutants

    chosen = catalogue.find(number)
    if name:
        solution = chosen.solution.read_text(encoding="utf-8")
        click.echo(find(chosen, name).program(solution), nl=False)
        return
    for mutant in mutants(chosen):
        click.echo(f"{mutant.name:26} {mutant.mistake} ({mutant.check}, {mutant.on})")


exercise.add_command(submit_check)
exercise.add_command(gradescope_zip)

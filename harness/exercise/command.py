"""The command ``exercise``."""

from __future__ import annotations

import click

from harness.exercise import catalogue

SETTINGS = {"help_option_names": ["-h", "--help"]}


@click.group("exercise", context_settings=SETTINGS)
def exercise() -> None:
    """Write threaded servers yourself, and have them tested on every interpreter."""


@exercise.command("verify", context_settings=SETTINGS)
@click.argument("numbers", nargs=-1, metavar="[NN ...]")
@click.option("--only", default="", metavar="TEXT", help="Only this file or interpreter.")
@click.option("--variant", metavar="ID", help="Prove the variant of this ID.")
@click.pass_context
def verify_command(
    ctx: click.Context, /, numbers: tuple[str, ...], only: str, variant: str | None
) -> None:
    """Prove that exercises are sound: starts fail, solutions pass, mutants are caught."""
    from harness.exercise.verify import verify

    chosen = [catalogue.find(one) for one in numbers] or catalogue.all_exercises()
    bad = 0
    for one in chosen:
        for finding in verify(one, only, variant):
            bad += bool(finding.problem) and not finding.absent
            state = "absent" if finding.absent else "WRONG" if finding.problem else "ok"
            line = f"{one.number:02} {finding.what:32} {finding.interpreter:8} {state}"
            click.echo(f"{line} {finding.problem}".rstrip())
    ctx.exit(int(bad > 0))

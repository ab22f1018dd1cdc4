"""``portable-server race``: a target in, an answer for each interpreter out."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from portable_harness.base.console import table_console
from portable_harness.base.errors import INTERRUPTED
from portable_harness.base.options import Duration, command_name, pages
from portable_harness.base.outputs import (
    STDOUT,
    html_option,
    json_option,
    writable_file,
    write_json,
)
from portable_harness.interpreters import Absent, Interpreter, select
from portable_harness.interpreters.table import find_with_progress
from portable_harness.race import reports
from portable_harness.race.options import RaceOptions
from portable_harness.race.run import OK, STOPPED, Cell, Plan, absolute, explore

EXAMPLES = """\b
Examples:
  portable-server race bank.py:Account
  portable-server race bank.py:Account --interpreters 2.7,3.13t,pypy,jython --time-limit 30s
  portable-server race test_bank.py:test_two_withdrawals --seed 7
  portable-server race my_package.cache:Cache --html race.html --sarif race.sarif

TARGET is FILE.py:NAME or package.module:NAME and names a class, or a function without arguments
that starts threads.

Exit status: 0 nothing was found; 1 something was; 2 bad usage, or an interpreter gave no answer;
130 interrupted."""
EXAMPLES += pages("race")


@click.command(epilog=EXAMPLES)
@click.argument("target")
@click.option(
    "--interpreters",
    metavar="A,B",
    help="Which ones, e.g. cpython,jython,pypy,2.7,3.13t or a path. Default: all found here.",
)
@click.option(
    "--time-limit",
    "seconds",
    type=Duration(0.1),
    default="10s",
    show_default=True,
    metavar="TIME",
    help="Explore for this long on each interpreter: 30s, 2m.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Random seed.")
@click.option("--replay", metavar="TOKEN", help="Repeat one schedule that an earlier run printed.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="How many interpreters run at a time.",
)
@json_option()
@html_option()
@click.option(
    "--junit",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=writable_file,
    metavar="FILE",
    help="Write JUnit XML: a test for each interpreter.",
)
@click.option(
    "--sarif",
    type=click.Path(path_type=Path, dir_okay=False),
    callback=writable_file,
    metavar="FILE",
    help="Write SARIF 2.1.0, which code hosts and editors show beside the source.",
)
@click.pass_context
def race(ctx: click.Context, /, **given: Any) -> None:
    """Explore the schedules of a threaded class or function, on every interpreter.

    A class needs no specification: what its calls give one after the other is right, and what
    threads give must be explained by such an order. The answer is the interleaving that breaks it,
    or the number of schedules that did not.
    """
    options = RaceOptions(**given)
    absolute(options.target)  # a mistake is one line, not one for each interpreter
    console = table_console(options.json_file == STDOUT)
    plan = Plan(options.target, options.seconds, options.seed, options.replay, options.jobs)
    cells = explore(_interpreters(options.interpreters), plan, _say(console))
    _show(console, plan, cells)
    _write(options, cells)
    ctx.exit(_status(cells))


def _write(options: RaceOptions, cells: list[Cell]) -> None:
    """The files that were asked for."""
    if options.html:
        from portable_harness.race import page  # and jinja2 with it, which is an extra

        page.write(options.html, options.target, cells)
    if options.junit:
        reports.write_junit(options.junit, options.target, cells)
    if options.sarif:
        reports.write_sarif(options.sarif, options.target, cells)
    results = [cell.as_json() for cell in cells]
    document = {"target": options.target, "seed": options.seed, "results": results}
    write_json(options.json_file, document)


def _interpreters(wanted: str | None) -> list[Interpreter | Absent]:
    if wanted is not None:
        return list(select(wanted))
    return list(find_with_progress().interpreters)


def _say(console: Console) -> Any:
    return lambda name, text: console.print(f"{name}: {text}", markup=False, soft_wrap=True)


def _show(console: Console, plan: Plan, cells: list[Cell]) -> None:
    """The first interleaving that was found, whole; of the others a line each was printed."""
    for cell in cells:
        if cell.kind == "absent":
            console.print(f"{cell.interpreter}: absent, {cell.title}", markup=False)
    found = [cell for cell in cells if cell.is_found]
    if not found:
        return
    first = found[0]
    console.print(f"\n{first.interpreter}: {first.report['text']}", markup=False, soft_wrap=True)
    words = [command_name(), "race", plan.target, f"--replay={first.report['token']}"]
    console.print(f"Next: repeat it: {shlex.join(words)}", markup=False, soft_wrap=True)


def _status(cells: list[Cell]) -> int:
    if any(cell.is_found for cell in cells):
        return 1
    if any(cell.kind == STOPPED for cell in cells):
        return INTERRUPTED
    return 0 if all(cell.kind == OK for cell in cells) else 2

"""``portable-server findings``: other people's libraries under the watch, side by side."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import Any

import click
from rich.console import Console

from portable_harness.base.console import table_console
from portable_harness.base.errors import INTERRUPTED, Problem
from portable_harness.base.options import CommandWithOldNames, Seconds, command_name, pages
from portable_harness.base.outputs import STDOUT, json_option, markdown_option, write_json
from portable_harness.findings import known, page, terminal
from portable_harness.findings.results import Findings, judged
from portable_harness.findings.run import LIBRARIES, Plan, measure
from portable_harness.interpreters import Absent, Interpreter, select
from portable_harness.interpreters.table import find_with_progress

EXAMPLES = f"""\b
Examples:
  portable-server findings queue logging
  portable-server findings --interpreters 2.7,3.13t,pypy,jython --rounds 500
  portable-server findings --markdown findings.md

LIBRARY: {", ".join(LIBRARIES[:5])},
{", ".join(LIBRARIES[5:])}. Default: all. The libraries that are not Python's own are installed, in
exactly known versions, into an environment of their own; queue, socketserver and logging need
none.

Exit status: 0 every promise was kept, whatever was found; 1 a promise broke or a program failed;
2 bad usage; 130 interrupted."""
EXAMPLES += pages("findings")


@dataclass(frozen=True)
class FindingsOptions:
    """One field for each option; the help explains them."""

    libraries: tuple[str, ...]
    interpreters: str | None
    rounds: int
    seconds: float
    seed: int
    jobs: int
    json_file: str | None
    markdown_file: str | None


@click.command(epilog=EXAMPLES, cls=CommandWithOldNames, old_names={"--page": "--markdown"})
@click.argument("libraries", nargs=-1, metavar="[LIBRARY]...")
@click.option(
    "--interpreters",
    metavar="A,B",
    help="Which ones, e.g. cpython,jython,pypy,2.7,3.13t or a path. Default: all found here.",
)
@click.option(
    "--rounds",
    type=click.IntRange(1, 1_000_000),
    default=Plan.rounds,
    show_default=True,
    help="Maximum number of rounds per library and interpreter.",
)
@click.option(
    "--seconds",
    type=Seconds(),
    default=Plan.seconds,
    show_default=True,
    help="Start no further round of a library after this many seconds.",
)
@click.option("--seed", type=int, default=Plan.seed, show_default=True, help="Random seed.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=Plan.jobs,
    show_default=True,
    help="How many interpreters run at a time.",
)
@json_option()
@markdown_option("the findings, into the generated part of a page that has one,")
@click.pass_context
def findings(ctx: click.Context, /, **given: Any) -> None:
    """Race other people's threaded libraries under the watch of locks, on every interpreter.

    For each library: are the promises of its documentation to threads kept, and does it keep the
    two rules (hold a lock only briefly, do not wait while you hold one) and one order of locks?
    Known findings are listed with their reasons. New findings, and known ones that were not found
    again, are listed first.
    """
    options = FindingsOptions(**given)
    console = table_console(STDOUT in (options.json_file, options.markdown_file))
    expected = known.read()
    plan = _plan(options)
    interpreters = _interpreters(options.interpreters)
    found = _measured(console, interpreters, plan, expected)
    terminal.show(console, found)
    _write(found, options.json_file, options.markdown_file)
    ctx.exit(INTERRUPTED if found.interrupted else found.status)


def _plan(options: FindingsOptions) -> Plan:
    wrong = [library for library in options.libraries if library not in LIBRARIES]
    if wrong:
        raise Problem(f"no library {wrong[0]!r} here", f"there are {', '.join(LIBRARIES)}")
    chosen = tuple(library for library in LIBRARIES if library in options.libraries) or LIBRARIES
    return Plan(chosen, options.rounds, options.seconds, options.seed, options.jobs)


def _interpreters(wanted: str | None) -> list[Interpreter | Absent]:
    if wanted is not None:
        return list(select(wanted))
    return list(find_with_progress().interpreters)


def _measured(
    console: Console, interpreters: list[Interpreter | Absent], plan: Plan,
    expected: list[known.Known],
) -> Findings:  # fmt: skip
    def say(name: str, text: str) -> None:
        console.print(f"{name}: {text}", markup=False, soft_wrap=True)

    begin = time.monotonic()
    cells = [judged(cell, expected) for cell in measure(interpreters, plan, say)]
    return Findings(
        libraries=plan.libraries,
        interpreters=tuple(interpreters),
        cells=tuple(cells),
        seconds=time.monotonic() - begin,
        command=" ".join([command_name(), *sys.argv[1:]]),
    )


def _write(found: Findings, json_file: str | None, markdown_file: str | None) -> None:
    write_json(json_file, found.as_json())
    if markdown_file and not found.interrupted:
        page.write(markdown_file, found)

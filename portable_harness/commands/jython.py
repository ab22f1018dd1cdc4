"""``portable-server benchmark-jython-start``: what the fast start of Jython is worth here."""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.table import Table

from portable_harness.base.errors import Problem
from portable_harness.interpreters import Absent, Interpreter, select
from portable_harness.interpreters.install.progress import Progress
from portable_harness.jython.launcher import fast_command, fast_start
from portable_harness.jython.measure import KINDS, Comparison, StartFailedError, compare

EPILOG = """\b
Examples:
  portable-server benchmark-jython-start
  portable-server benchmark-jython-start --rounds 15 --json
  portable-server benchmark-jython-start --code "import unittest, threading"

\b
Exit status: 0 measured, 1 the fast start cannot be made here, 2 bad usage or no Jython."""


@click.command(epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--rounds", type=click.IntRange(1, 1000), default=7, show_default=True)
@click.option("--code", default="pass", show_default=True, help="What the started Jython runs.")
@click.option("--interpreter", default="jython", show_default=True, help="A name or a path.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON on stdout instead of a table.")
@click.pass_context
def benchmark_jython_start(
    context: click.Context, rounds: int, code: str, interpreter: str, as_json: bool
) -> None:
    """Time Jython's start: the stock launcher against the class-data archive, in turn.

    The difference is what the archive (JEP 310), the first compiler alone and the serial collector
    save each time. The archive is made before anything is timed.
    """
    jython = _jython(interpreter)
    progress = Progress()
    with progress.phase("make the archive of classes, if it is not there"):
        start = fast_start(jython)
    if start.problem:
        click.echo(f"no fast start here: {start.problem}", err=True)
        context.exit(1)
    with progress.phase(f"{rounds} rounds of two starts") as tell:
        try:
            result = compare(
                jython.command,
                fast_command(jython),
                ["-c", code],
                rounds,
                lambda number: tell(f"{number} of {rounds}"),
            )
        except StartFailedError as error:
            raise Problem(f"a start failed: {error}", "does the code run by itself?") from error
    _show(result, jython, as_json)


def _jython(name: str) -> Interpreter:
    chosen = select(name)[0]
    if isinstance(chosen, Absent):
        raise Problem(f"{chosen.name}: {chosen.reason}", chosen.remedy)
    if not chosen.is_jython:
        raise Problem(f"{name} is {chosen.implementation}", "only Jython has a fast start")
    return chosen


def _show(result: Comparison, jython: Interpreter, as_json: bool) -> None:
    figures = result.as_json()
    if as_json:
        click.echo(json.dumps({"interpreter": jython.as_json(), **figures}, indent=2))
        return
    console = Console()
    title = f"Start of Jython {jython.version_text} on {jython.java_vm} {jython.java}"
    table = Table("", "wall, s", "CPU, s", title=title, title_justify="left")
    for side in ("stock", "fast", "ratio"):
        table.add_row(side, *[_cell(figures[side][kind]) for kind in KINDS])
    console.print(table)
    load = figures["load_average"][0]
    console.print(f"Medians (quartiles) of {figures['rounds']} rounds; load average {load:.1f}")
    if not result.conclusive:
        console.print("inconclusive: the rounds differ too much; try again on a quiet machine")


def _cell(figure: dict[str, float]) -> str:
    return f"{figure['median']:.2f} ({figure['low']:.2f} to {figure['high']:.2f})"

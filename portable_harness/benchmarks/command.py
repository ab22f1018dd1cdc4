"""The command line of the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click
from rich.table import Table

from portable_harness.base import cache
from portable_harness.base.console import table_console
from portable_harness.base.errors import INTERRUPTED, Problem
from portable_harness.base.options import CommandWithOldNames, Seconds, pages
from portable_harness.base.outputs import (
    STDOUT,
    json_option,
    markdown_option,
    write,
    write_json,
)
from portable_harness.benchmarks import measuring, table
from portable_harness.benchmarks.reading import Reading, read
from portable_harness.benchmarks.table import Figure

HEADINGS = ("comparison", "workload", "against", "target", "reached", "interval", "CPU", "verdict")
PLAIN_WIDTH = 150
EPILOG = """\b
Examples:
  portable-server benchmark-figures --list
  portable-server benchmark-figures                    (everything; about half an hour)
  portable-server benchmark-figures threads-3.13       (all that begin with it)
  portable-server benchmark-figures chat-3.13. --again --rounds 9 --seconds 2
  portable-server benchmark-figures --show --markdown  (existing results; measures nothing)

A ratio is our figure divided by the other's: the median of interleaved rounds, with its 95%
interval. CPU: the other's processor time per request divided by ours. "not sure": the interval
contains the target.

Results are kept for each comparison (the first part of a name); after Ctrl-C, the next run
continues with them.

Exit status: 0 all targets reached, 1 one was missed or not measured, 2 bad usage, 130 interrupted.
"""
EPILOG += pages("performance")


@click.command(
    epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]},
    cls=CommandWithOldNames, old_names={"--folder": "--output-dir"},
)  # fmt: skip
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--list", "listing", is_flag=True, help="List the figures and exit.")
@click.option("--show", is_flag=True, help="Show existing results; measure nothing.")
@click.option("--again", is_flag=True, help="Measure again even if there are results.")
@click.option(
    "--rounds", default=5, show_default=True, type=click.IntRange(2), help="Rounds per comparison."
)
@click.option(
    "--seconds", default=1.0, show_default=True, type=Seconds(0.1), help="Seconds per round."
)
@click.option(
    "--output-dir",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False, resolve_path=True),
    help="Where results are kept. Default: a folder of the user's cache.",
)
@markdown_option()
@json_option("the figures")
@click.pass_context
def figures(
    ctx: click.Context, names: tuple[str, ...], listing: bool, show: bool, again: bool,
    rounds: int, seconds: float, folder: Path | None, markdown_file: str | None,
    json_file: str | None,
) -> None:  # fmt: skip
    """Measure our servers against their performance targets."""
    chosen = table.choose(names)
    if not chosen:
        raise Problem(f"no figure is called {' or '.join(names)}", "--list shows them")
    if listing:
        for figure in chosen:
            click.echo(f"{figure.name:48} {_target(figure):>8}  {figure.title}")
        return
    folder = folder or cache.directory("figures")
    interrupted = not show and _measure(chosen, folder, again, rounds, seconds)
    readings = _readings(chosen, folder)
    _show(readings, markdown_file, json_file)
    if interrupted:
        ctx.exit(INTERRUPTED)
    ctx.exit(
        int(any(not reading.reached for reading in readings if reading.figure.target is not None))
    )


def _measure(chosen: list[Figure], folder: Path, again: bool, rounds: int, seconds: float) -> bool:
    """True when it was interrupted."""
    wanted = table.comparisons(chosen)
    for number, comparison in enumerate(wanted, start=1):
        path = measuring.path_of(folder, comparison)
        click.echo(f"[{number} of {len(wanted)}] {comparison.name}: {path}", err=True)
        if again:
            path.unlink(missing_ok=True)
        try:
            if measuring.measure(comparison, path, rounds, seconds) == INTERRUPTED:
                return True
        except KeyboardInterrupt:
            return True
        except Problem as problem:
            click.echo(problem.message, err=True)
    return False


def _readings(chosen: list[Figure], folder: Path) -> list[Reading]:
    found: list[Reading] = []
    for comparison in table.comparisons(chosen):
        own = [figure for figure in chosen if figure.comparison == comparison]
        run = measuring.load(measuring.path_of(folder, comparison))
        found += read(run, own) if run else [Reading(figure) for figure in own]
    return found


def _show(readings: list[Reading], markdown_file: str | None, json_file: str | None) -> None:
    write_json(json_file, [_document(reading) for reading in readings])
    if markdown_file is not None:
        rows = [HEADINGS, ["---"] * len(HEADINGS), *map(_row, readings)]
        write(markdown_file, "\n".join(_markdown(rows)))
    if STDOUT not in (json_file, markdown_file):
        shown = Table(*HEADINGS)
        for reading in readings:
            shown.add_row(*_row(reading))
        table_console(plain_width=PLAIN_WIDTH).print(shown)


def _markdown(rows: Sequence[Sequence[str]]) -> list[str]:
    return ["| " + " | ".join(row) + " |" for row in rows]


def _row(reading: Reading) -> list[str]:
    figure, ratio = reading.figure, reading.ratio
    against = figure.peer or (f"own {figure.base}" if figure.base else "")
    if figure.metric != "rate":
        against = ", ".join(filter(None, (against, figure.metric.replace("_", " "))))
    shown = [_number(ratio.middle), f"{_number(ratio.low)}-{_number(ratio.high)}"] if ratio else []
    cpu = f"{reading.cpu:.2f}" if reading.cpu else "-"
    what = [figure.comparison.name, figure.workload, against, _target(figure)]
    return [*what, *(shown or "--"), cpu, reading.verdict]


def _number(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 else f"{number:.2f}"


def _target(figure: Figure) -> str:
    if figure.target is None:
        return "-"
    return ("<= " if figure.at_most else ">= ") + f"{figure.target:g}"


def _document(reading: Reading) -> dict[str, object]:
    figure = asdict(reading.figure) | {"comparison": reading.figure.comparison.name}
    ratio = reading.ratio._asdict() if reading.ratio else None
    return {
        "name": reading.figure.name, **figure, "ratio": ratio, "cpu": reading.cpu,
        "reached": reading.reached, "sure": reading.sure, "verdict": reading.verdict,
    }  # fmt: skip

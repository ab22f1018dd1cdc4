"""``portable-server litmus``: cases in, outcome table out."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from portable_harness.base.console import PLAIN_WIDTH, table_console
from portable_harness.base.errors import Problem
from portable_harness.base.options import CommandWithOldNames, Duration, command_name, pages
from portable_harness.base.outputs import (
    STDOUT,
    html_option,
    json_option,
    markdown_option,
    write_json,
)
from portable_harness.base.tree import page_name
from portable_harness.interpreters import Absent, Interpreter, select
from portable_harness.interpreters.table import find_with_progress
from portable_harness.litmus import catalogue, chat_lessons, terminal
from portable_harness.litmus.document import document
from portable_harness.litmus.options import LitmusOptions
from portable_harness.litmus.plan import DEFAULT_TIME, Plan, shares
from portable_harness.litmus.progress import reporter
from portable_harness.litmus.results import Case, Table
from portable_harness.litmus.run import Work, measure
from portable_harness.remote.options import on_hosts

EXAMPLES = """\b
Examples:
  portable-server litmus
  portable-server litmus 1 22 row_07_setdefault --interpreters 2.7,3.13t,pypy,jython
  portable-server litmus LostUpdate --time 30s --html lost.html
  portable-server litmus 59 60 61 62 63 64 65 --interpreters jython
  portable-server litmus --package my_cases --repeat 5 --json result.json
  portable-server litmus LostUpdate --on ssh=lab1,me@lab2,local

CASE is the number of a row of the catalogue, a file (row_01_lost_update), a case (LostUpdate) or
both (row_01_lost_update.LostUpdate).

Exit status: 0 nothing forbidden was seen; 1 a forbidden outcome, or a schedule that did not give
its outcome; 2 bad usage, or something could not be measured (an interpreter is absent, a case is
itself at fault, a host was lost); 130 interrupted."""
EXAMPLES += pages("litmus", "hosts")


@click.command(epilog=EXAMPLES, cls=CommandWithOldNames, old_names={"--page": "--markdown"})
@click.argument("wanted", nargs=-1, metavar="[CASE]...")
@click.option(
    "--interpreters",
    metavar="A,B",
    help="Which ones, e.g. cpython,jython,pypy,2.7,3.13t or a path. Default: all found here.",
)
@click.option(
    "--time",
    "seconds",
    type=Duration(0.01),
    default=f"{DEFAULT_TIME:g}s",
    show_default=True,
    metavar="TIME",
    help="Racing time per interpreter, shared by all cases: 30s, 2m.",
)
@click.option(
    "--repeat",
    type=click.IntRange(1, 1_000),
    default=1,
    show_default=True,
    help="Repeat the run N times and report cases whose verdict changes.",
)
@click.option(
    "--seed",
    type=int,
    default=1,
    show_default=True,
    help="Random seed; incremented for each repetition.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="How many interpreters run at a time.",
)
@click.option(
    "--package",
    metavar="NAME",
    help="Your own cases: a package or module in this folder or on PYTHONPATH.",
)
@json_option()
@html_option()
@markdown_option()
@click.option("--list", "listed", is_flag=True, help="List the cases with their rows and exit.")
@on_hosts("The interpreters")
@click.pass_context
def litmus(ctx: click.Context, /, **given: Any) -> None:
    """Race threads on every interpreter and grade, side by side, what came of it.

    Each interpreter runs the cases in a child process. A crash or a hang is an outcome of the case
    in progress; the remaining cases run in a new process. Outcomes are acceptable, interesting (a
    race: shown and counted, never a failure) or forbidden. Press Ctrl-C at any time: results
    collected so far are reported.
    """
    options = LitmusOptions(**given)
    work = _work(options)
    if options.listed:
        _list([*work.cases, *work.recorded])
        return
    to_stdout = STDOUT in (options.json_file, options.markdown_file)
    console = table_console(to_stdout, PLAIN_WIDTH + 20)
    ctx.exit(_run(console, work, options))


def _work(options: LitmusOptions) -> Work:
    """What is to be done; a package of the user's own has no rows of the chat."""
    wanted, package = tuple(options.wanted), options.package
    folders = (str(Path.cwd()), *_user_path()) if package else ()
    recorded: list[Case] = []
    rest = wanted
    if package is None:
        recorded, rest = chat_lessons.select(wanted)
    cases: list[Case] = []
    if rest or not wanted:
        cases = catalogue.cases(package or catalogue.OUR_PACKAGE, rest, folders)
        if not cases:
            raise Problem(f"there are no cases in {package}", f"see {page_name('litmus')}")
    seconds, quiet_seconds = shares(options.seconds / options.repeat, cases)
    plan = Plan(
        wanted=rest,
        package=package or catalogue.OUR_PACKAGE,
        folders=folders,
        seconds=seconds,
        quiet_seconds=quiet_seconds,
        seed=options.seed,
        repeats=options.repeat,
    )
    return Work(plan, cases, recorded)


def _user_path() -> list[str]:
    return [folder for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep) if folder]


def _list(cases: list[Case]) -> None:
    for case in cases:
        rows = ",".join(map(str, case.rows))
        click.echo(f"{rows:>7}  {case.name} ({case.kind}): {case.title}")


def _run(console: Console, work: Work, options: LitmusOptions) -> int:
    table = _measured(console, work, options)
    table.facts["command"] = _again(options)
    table.facts["options"] = {
        "seconds_of_a_case": round(work.plan.seconds, 3),
        "quiet_seconds_of_a_case": round(work.plan.quiet_seconds, 3), "seed": work.plan.seed,
        "repeat": work.plan.repeats, "jobs": options.jobs, "package": work.plan.package,
    }  # fmt: skip
    _report(console, document(table), options)
    return table.status


def _measured(console: Console, work: Work, options: LitmusOptions) -> Table:
    if options.on is not None:
        from portable_harness.litmus import remote  # and the transport with it

        return remote.measure(console, work, options)
    chosen = _interpreters(options.interpreters)
    here = [interpreter.name for interpreter in chosen if isinstance(interpreter, Interpreter)]
    if not here:
        raise Problem("none of the interpreters is here", f"{command_name()} interpreters")
    console.print(work.sentence(f"{len(here)} interpreters", options.jobs))
    with reporter(console, here) as progress:
        return measure(work, chosen, options.jobs, progress)


def _again(options: LitmusOptions) -> str:
    """The command that measures the same; where its forms go is nobody else's."""
    words = [*options.wanted]
    for name in ("interpreters", "on", "package"):
        value = getattr(options, name)
        words += [f"--{name}", value] if value else []
    words += ["--time", f"{options.seconds:g}s", "--seed", str(options.seed)]
    words += ["--repeat", str(options.repeat)] if options.repeat > 1 else []
    return f"{command_name()} litmus {shlex.join(words)}"


def _interpreters(names: str | None) -> list[Interpreter | Absent]:
    if names is not None:
        return list(select(names))
    return list(find_with_progress().interpreters)


def _report(console: Console, run: dict[str, Any], options: LitmusOptions) -> None:
    terminal.show(console, run)
    write_json(options.json_file, run)
    if options.html:
        from portable_harness.litmus import page  # its template engine is slow to import

        page.write(options.html, run)
    if options.markdown_file:
        from portable_harness.litmus import markdown

        markdown.write(options.markdown_file, run)
    console.print(_next(run, options), soft_wrap=True, markup=False)


def _next(run: dict[str, Any], options: LitmusOptions) -> str:
    """One sentence that depends on how it went."""
    again = f"{command_name()} litmus"
    if run["interrupted"]:
        return "Interrupted. Next: run the same command again for the rest."
    if run["forbidden"]:
        case = run["forbidden"][0]
        name = case["interpreter"].partition("@")[0]
        on = f" --on {shlex.quote(options.on)}" if options.on else ""
        return f"Next: alone: {again} {case['case']}{on} --interpreters {name} --time 30s"
    if run["status"]:
        return "Nothing forbidden was seen, but not all was measured. Next: see the lines above."
    seen = sum(column["interesting"] for column in run["interpreters"])
    answer = f"Nothing forbidden was seen; something interesting in {seen} results."
    return f"{answer} Next: open {options.html or 'a page: --html FILE'}"

"""``portable-server matrix``: options in, table out."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from portable_harness.base.console import table_console
from portable_harness.base.errors import Problem
from portable_harness.base.options import (
    CommandWithOldNames,
    Seconds,
    command_name,
    pages,
    requirement_options,
)
from portable_harness.base.outputs import STDOUT, html_option, json_option, write_json
from portable_harness.base.tasks import run_all
from portable_harness.base.tree import TREE, is_checkout
from portable_harness.interpreters import Interpreter
from portable_harness.matrix import choice, junit, next_step, provide, terminal
from portable_harness.matrix.document import document
from portable_harness.matrix.guest_run import Plan
from portable_harness.matrix.merge import Matrix, merge
from portable_harness.matrix.options import MatrixOptions
from portable_harness.matrix.process import Limits
from portable_harness.matrix.progress import reporter
from portable_harness.matrix.provide import Task
from portable_harness.remote.options import on_hosts

EXAMPLES = """\b
Examples:
  portable-server matrix
  portable-server matrix --interpreters 2.7,3.13,3.13t,pypy,jython --html matrix.html
  portable-server matrix --only tests/compat --jobs 1
  portable-server matrix --only "lock and not timeout" --json matrix.json
  portable-server matrix --project ../mine --only tests/unit --interpreters cpython,jython
  portable-server matrix --on ssh=lab1,lab2 --interpreters cpython,jython

Exit status: 0 every test of every interpreter is fine; 1 a failure, a crash, a hang, a test that
was not reached, an absent interpreter, a host that was lost; 2 bad usage; 130 interrupted."""
EXAMPLES += pages("matrix", "hosts")


@dataclass(frozen=True)
class OutputFiles:
    """Where the result goes besides the terminal; "-" is standard output."""

    json: str | None
    html: Path | None
    junit: Path | None

    def write(self, matrix: Matrix, status: int) -> None:
        detail = document(matrix, status)
        if self.junit:
            junit.write_all(matrix, self.junit)
        if self.html:
            from portable_harness.matrix import page  # its template engine is slow to import

            page.write(self.html, detail)
        write_json(self.json, detail)

    def make_folder(self) -> None:
        """Say before a run of minutes, not after it, that its result could not be written."""
        if self.junit:
            try:
                self.junit.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise Problem(f"cannot make the folder {self.junit}: {error.strerror}") from None


def _required(_: click.Context, __: click.Parameter, project: Path | None) -> Path:
    if project is None:
        raise Problem("name the folder of a project", f"{command_name()} matrix --project .")
    return project


@click.command(
    cls=CommandWithOldNames,
    old_names={
        "--timeout": "--time-limit",
        "--test-timeout": "--test-time-limit",
        "--junit-dir": "--junit",
    },
    epilog=EXAMPLES,
)
@click.option(
    "--interpreters",
    metavar="A,B",
    help="Which ones, e.g. cpython,jython,pypy,2.7,3.13t or a path. "
    "Default: all that are found here, CPython and Jython at the least.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="PATH|EXPR",
    help="A test file, folder or id, or an expression as pytest's -k has it. May be repeated.",
)
@click.option(
    "--all",
    is_flag=True,
    help="Also run the tests of portable-server's own tools.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="How many interpreters run at a time.",
)
@click.option(
    "--time-limit",
    type=Seconds(),
    metavar="SECONDS",
    help="Time limit for the whole run of one interpreter; tests that did not run are reported "
    "as unreached. Default: none.",
)
@click.option(
    "--test-time-limit",
    type=Seconds(),
    default=300.0,
    show_default=True,
    metavar="SECONDS",
    help="Time limit for one test on an idle machine; it is extended on a slower one.",
)
@click.option(
    "--keep-going/--stop-on-crash",
    default=True,
    show_default=True,
    help="After a crash or a hang, run the remaining tests in a new process.",
)
@click.option(
    "--skip-absent",
    is_flag=True,
    help="Report missing interpreters and tests without failing the run.",
)
@click.option(
    "--verbose",
    is_flag=True,
    help="Also list the tests that do not apply to an interpreter, with the reason.",
)
@click.option(
    "--install/--no-install",
    default=True,
    show_default=True,
    help="If Jython is missing, install it first.",
)
@click.option(
    "--allow-debian",
    is_flag=True,
    envvar="PORTABLE_ALLOW_DEBIAN",
    help="Allow apt-get to install Debian's packages (as root).",
)
@json_option()
@html_option()
@click.option(
    "--junit",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write one JUnit XML file for each interpreter.",
)
@click.option(
    "--project",
    default=TREE if is_checkout() else None,
    callback=_required,
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, resolve_path=True, path_type=Path),
    help="Whose tests to run: a folder with pure Python (in src/, or beside them) and tests/. "
    "Default, in a checkout of portable-server: its own.",
)
@requirement_options("A package that the tests need (like six, or mock<4).")
@on_hosts("The interpreters")
@click.pass_context
def matrix(ctx: click.Context, /, **given: Any) -> None:
    """Run the tests on every interpreter and show, side by side, what differs.

    Each interpreter runs the suite in a process and an environment of its own. A crash or a hang
    is the outcome of the test in progress; the remaining tests run in a new process. Press Ctrl-C
    at any time: results collected so far are reported.
    """
    options = MatrixOptions(**given)
    files = OutputFiles(options.json_file, options.html, options.junit)
    files.make_folder()
    selection = choice.selection(options.project, options.only, options.all)
    console = table_console(files.json == STDOUT)
    if options.on is not None:
        if options.requirements:
            raise Problem("--with and -r are for this machine only", "leave out --on")
        from portable_harness.matrix import remote  # and the transport with it

        measured = remote.measure(console, selection, options)
        ctx.exit(_report(console, measured, files, options.skip_absent, options.verbose))
    wanted = choice.interpreters(console, options)
    limits = Limits(options.time_limit, options.test_time_limit)
    plan = Plan(
        options.project, provide.new_run(), selection, limits, options.keep_going,
        options.requirements,
    )  # fmt: skip
    measured = measure(console, wanted, plan, options.jobs)
    ctx.exit(_report(console, measured, files, options.skip_absent, options.verbose))


def measure(console: Console, wanted: list[choice.Wanted], plan: Plan, jobs: int) -> Matrix:
    """Run everything; the merged table, with what an interruption left of it."""
    started, begin = datetime.datetime.now(datetime.timezone.utc), time.monotonic()
    here = [interpreter for interpreter in wanted if isinstance(interpreter, Interpreter)]
    console.print(f"The tests of {plan.project.name}, {jobs} interpreters of {len(here)} at a time")
    with reporter(console, [interpreter.name for interpreter in here]) as progress:
        tasks: list[Task] = [provide.task(interpreter, plan, progress) for interpreter in wanted]
        columns, interrupted = run_all(tasks, jobs)
    return merge(
        columns,
        interrupted,
        project=plan.project.name,
        folder=str(plan.project),
        started=started.isoformat(timespec="seconds"),
        seconds=round(time.monotonic() - begin, 3),
    )


def _report(
    console: Console, measured: Matrix, files: OutputFiles, skip_absent: bool, verbose: bool
) -> int:
    if measured.is_empty and not measured.interrupted and measured.present():
        raise Problem("no test was selected", "see --only in portable-server matrix --help")
    status = measured.status(skip_absent)
    terminal.show(console, measured, verbose)
    files.write(measured, status)
    console.print(next_step.after(measured, files.html, skip_absent), soft_wrap=True, markup=False)
    return status

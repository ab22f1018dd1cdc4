"""``portable-server test``: this project's own tests, the host's and then the guests' under tox."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence

import click
from rich.console import Console

from portable_harness.base import children
from portable_harness.base.errors import INTERRUPTED, Problem
from portable_harness.base.extras import need
from portable_harness.base.options import COMMAND_VARIABLE, command_name
from portable_harness.base.tasks import ending_by_signals
from portable_harness.base.tree import TREE
from portable_harness.interpreters import Absent, select
from portable_harness.matrix import missing, pace

TO_END = 30  # seconds
ENVIRONMENTS = "cpython,jython"
# The host's tests wait three quarters of their time (for processes, for time limits): two workers
# for each processor, whole files but where a test is a group of its own. A worker that the watchdog
# has ended (a test hung) is not replaced: pytest-xdist then waits for ever for what the lost one
# was to do.
WORKERS = str(min(2 * (os.cpu_count() or 1), 8))
HOST_OPTIONS = (
    "-n", WORKERS, "--dist", "loadgroup", "--max-worker-restart", "0", "--durations=40"
)  # fmt: skip
PARTS = {
    "host": ("-m", "pytest", "tests/host", *HOST_OPTIONS),
    # Side by side: each is one process, and Jython's takes five times as long.
    "tox": ("-m", "tox", "run-parallel", "--parallel-live", "--parallel-no-spinner",
            "-e", ENVIRONMENTS),
}  # fmt: skip
TITLES = {
    "host": "the harness's tests, on this Python",
    "tox": f"the portable tests: tox p -e {ENVIRONMENTS}",
}
QUICK = ("-m", "not slow")  # the marker: what installs, builds, or starts Jython many times
EXAMPLES = """\b
Examples:
  portable-server test          what a change is likely to break
  portable-server test --all    with the slow tests, as continuous integration runs it
  portable-server test host     only the harness's tests, with lint
  portable-server test tox      only `tox -e cpython,jython`

Exit status: 0 all passed, 1 something failed, 2 bad usage, 130 interrupted."""


@click.command(epilog=EXAMPLES)
@click.argument("parts", nargs=-1, type=click.Choice(list(PARTS)), metavar="[host] [tox]")
@click.option(
    "--allow-debian",
    is_flag=True,
    envvar="PORTABLE_ALLOW_DEBIAN",
    help="Allow apt-get to install Debian's packages (as root) if Jython is missing.",
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Also the slow tests of the host: installations, builds, every exercise on Jython.",
)
@click.pass_context
def selftest(
    ctx: click.Context, parts: Sequence[str], allow_debian: bool, everything: bool
) -> None:
    """Run this project's own tests: the host's, then tox on CPython and Jython."""
    if not (TREE / "tests" / "host").is_dir():
        raise Problem(
            "the tests of this project are not installed with it",
            "type ./portable test in a clone or in its source distribution",
        )
    chosen = [part for part in PARTS if part in parts or not parts]
    if "tox" in chosen:
        need("tox")
    console = Console(highlight=False)
    if "tox" in chosen:
        _get_missing(console, allow_debian)
    _follow_the_pace(console)
    failed = []
    for number, part in enumerate(chosen, 1):
        console.print(f"{number} of {len(chosen)}: {TITLES[part]}", style="bold")
        options = QUICK if part == "host" and not everything else ()
        if run([sys.executable, *PARTS[part], *options]):
            failed.append(part)
    console.print(_next(failed, everything), soft_wrap=True, markup=False)
    ctx.exit(int(bool(failed)))


def _follow_the_pace(console: Console) -> None:
    """The limits of the tests are meant for an idle machine; all that we start knows this one's."""
    found = float(os.environ.setdefault("PORTABLE_PACE", str(pace.measure())))
    if found >= pace.SLOW:
        console.print(f"This machine is {found:.1f} times slower than an idle one: longer limits")


def _get_missing(console: Console, allow_debian: bool) -> None:
    for interpreter in select(ENVIRONMENTS):
        if isinstance(interpreter, Absent):
            missing.get(console, interpreter, allow_debian)


def run(command: Sequence[str]) -> int:
    """Run it in the tree; an interruption ends it first, and then us.

    :raises KeyboardInterrupt: once the child, which has the interruption too, has ended
    """
    with (
        _without("PYTHONPATH", COMMAND_VARIABLE),
        ending_by_signals(),
        children.started(command, _interrupt, cwd=TREE) as child,
    ):
        status = child.wait()
    if status in (INTERRUPTED, -signal.SIGINT):
        raise KeyboardInterrupt
    return status


def _interrupt(child: subprocess.Popen[str]) -> None:
    """Once, as a terminal does: pytest and its workers then end what their tests have started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGINT)
    with contextlib.suppress(subprocess.TimeoutExpired):
        child.wait(TO_END)


@contextlib.contextmanager
def _without(*names: str) -> Iterator[None]:
    """The tests import this tree, whatever the user's PYTHONPATH has, and know no launcher."""
    before = {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(before)


def _next(failed: Sequence[str], everything: bool) -> str:
    if failed:
        return f"Failed: {', '.join(failed)}. Next: run it alone: {command_name()} test {failed[0]}"
    passed = "All passed" if everything else "All passed; the slow tests were left out (--all)"
    return f"{passed}. Next: {command_name()} matrix compares every interpreter found here"

"""``portable-server interpreters``: what there is; ``... install NAME``: get what there is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from portable_harness.base.errors import Problem
from portable_harness.base.options import CommandWithOldNames, pages
from portable_harness.base.outputs import STDOUT, json_option, write_json
from portable_harness.interpreters import names, places
from portable_harness.interpreters.classes import CLASSES
from portable_harness.interpreters.install import METHODS, Request
from portable_harness.interpreters.install.installing import Installation, install_one
from portable_harness.interpreters.install.progress import Progress
from portable_harness.interpreters.install.removing import remove as delete
from portable_harness.interpreters.model import Interpreter
from portable_harness.interpreters.table import find_with_progress, show, show_table
from portable_harness.remote.options import on_hosts

if TYPE_CHECKING:
    from portable_harness.remote.hosts import ConnectedHost

HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}
LIST_EPILOG = f"""\b
Examples:
  portable-server interpreters
  portable-server interpreters --json
  portable-server interpreters --on ssh=lab1,me@lab2
  portable-server interpreters install jython 3.15
  portable-server interpreters remove 3.15
Looked for in: {places.VARIABLE} (files or folders, separated as in PATH), PATH, JYTHON_HOME and
JYTHON_JAR, pyenv's versions, uv's folder, Debian's places, and what `install` made.

Classes:
"""
LIST_EPILOG += "".join(f"  {name:3} {what}\n" for name, what in CLASSES.items())
LIST_EPILOG += pages("hosts")
INSTALL_EPILOG = """\b
Names: jython, pypy, pypy8 (PyPy's own version), graalpy, 2.7, 3.15, 3.15t (free-threaded), 3.13gil
(the GIL twin of 3.13t: same source, same options), and so on.

Methods, in the order in which they are tried:
  maven, jgo       Jython's jar
  uv               ready-made CPython, free-threaded CPython, PyPy, GraalPy
  debian           apt-get install, which needs --allow-debian
  debian-unpacked  packages of Debian's newer suites, signature checked, unpacked into the cache:
                   CPython 3.14 and 3.15, PyPy 8; nothing of the machine changes
  debian-source    CPython built from Debian's source, also free-threaded
  pyenv            any version, compiled

\b
Examples:
  portable-server interpreters install jython
  portable-server interpreters install 3.15 pypy8
  portable-server interpreters install 3.13t 3.13gil
  portable-server interpreters install --dry-run 2.7 pypy
  portable-server interpreters install --allow-debian jython

\b
Exit status: 0 all are installed, 1 one could not be installed (what to type instead is printed)."""


@click.group(invoke_without_command=True, epilog=LIST_EPILOG, context_settings=HELP_OPTIONS)
@json_option("the list")
@click.option(
    "--refresh", is_flag=True, help="Probe every interpreter again, including remembered ones."
)
@on_hosts("List the interpreters")
@click.pass_context
def interpreters(
    context: click.Context,
    json_file: str | None,
    refresh: bool,
    on: str | None,
    ssh_config: Path | None,
) -> None:
    """List the interpreters of this machine, install one, or remove it again."""
    if context.invoked_subcommand is not None:
        if json_file or refresh or on:
            raise Problem("--json, --refresh and --on belong to the list", "leave them out")
        return
    if on:
        if refresh:
            raise Problem("--refresh is for this machine", "leave it out")
        context.exit(_list_on_hosts(on, ssh_config, json_file))
    found = find_with_progress(refresh)
    write_json(json_file, found.as_json())
    if json_file != STDOUT:
        show(found, Console())


def _list_on_hosts(on: str, ssh_config: Path | None, json_file: str | None) -> int:
    """Show the interpreters of all hosts; the exit status, 1 where a host was lost.

    :raises Problem: when not one host can be reached
    """
    from portable_harness.remote.hosts import Request, connect_all  # and the transport with it

    with connect_all(Console(stderr=True), Request(on, ssh_config, None)) as reached:
        found = [named for host in reached for named in _named(host)]
        lost = {host.name: host.lost for host in reached if host.lost}
    write_json(
        json_file, {"interpreters": [interpreter.as_json() for interpreter in found], "lost": lost}
    )
    if json_file != STDOUT:
        show_table("Interpreters of other hosts", found, Console())
    return int(bool(lost))


def _named(host: ConnectedHost) -> list[Interpreter]:
    return [replace(found, name=host.at(found.name)) for found in host.present]


@interpreters.command(
    epilog=INSTALL_EPILOG, context_settings=HELP_OPTIONS,
    cls=CommandWithOldNames, old_names={"--from": "--method"},
)  # fmt: skip
@click.argument("wanted", metavar="NAME...", nargs=-1, required=True)
@click.option(
    "--method",
    type=click.Choice([method.name for method in METHODS]),
    help="Use only this method, even if the interpreter is already installed.",
)
@click.option(
    "--allow-debian",
    "--yes",
    "-y",
    "allow_debian",
    is_flag=True,
    help="Allow apt-get to install Debian's packages on this machine.",
)
@click.option("--sha256", help="Expected hash of a downloaded jar, instead of the built-in one.")
@click.option("--dry-run", is_flag=True, help="Print what would be done, without doing it.")
@click.pass_context
def install(
    context: click.Context,
    wanted: tuple[str, ...],
    method: str | None,
    allow_debian: bool,
    sha256: str | None,
    dry_run: bool,
) -> None:
    """Install missing interpreters, or print the exact command that would."""
    requests = [Request(names.parse(name), allow_debian, sha256) for name in wanted]
    progress = Progress()
    results = [install_one(request, METHODS, method, dry_run, progress) for request in requests]
    for result in results:
        _report(result)
    if not all(result.ok for result in results):
        context.exit(1)


def _report(result: Installation) -> None:
    for line in result.lines:
        click.echo(line)


@interpreters.command(context_settings=HELP_OPTIONS)
@click.argument("wanted", metavar="NAME...", nargs=-1, required=True)
def remove(wanted: tuple[str, ...]) -> None:
    """Delete interpreters that `install` put into the cache."""
    for request in [names.parse(name) for name in wanted]:
        for folder in delete(request, find_with_progress()):
            click.echo(f"{request.name}: deleted {folder}")

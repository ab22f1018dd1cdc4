"""The command ``check``: its options, and which server and checks they mean."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from portable_harness.base.errors import Problem
from portable_harness.base.options import CommandWithOldNames, Seconds, address, pages
from portable_harness.base.outputs import json_option
from portable_harness.check import adverse
from portable_harness.check.again import play_again
from portable_harness.check.interpreters import on_interpreters
from portable_harness.check.model import Check, Level
from portable_harness.check.options import CheckOptions
from portable_harness.check.run import CHECKS, Plan
from portable_harness.check.server import Server, StartedServer
from portable_harness.check.session import demand_outputs, on_server
from portable_harness.remote.options import on_hosts

EPILOG = """\b
Examples:
  portable-server check chat --address 127.0.0.1:7000
  portable-server check echo -- ./my-server --port {port}
  portable-server check chat --profile full --repeat 5 -- java Chat {port}
  portable-server check chat --python chat.py --interpreters all
  portable-server check chat --python chat.py --on ssh=lab1,me@lab2
  portable-server check echo --on ssh=lab1 -- ./my-server {port}      (in the home folder there)
  portable-server check chat -- node server.js
  portable-server check chat --replay failures/message-seed1.jsonl -- ./my-server {port}

COMMAND gets a free port in place of {port} and in the variable PORT. If it ignores both, the port
on which it listens is detected, or given by --port. It is ready when it accepts a connection, and
is stopped with everything that it started. FILE.py gets the port as its argument.

Without --level: what the public protocol promises. The report begins with what to fix first.

Exit status: 0 all promises kept, 1 one is broken, 2 could not run, or not all was reached."""
EPILOG += pages("check", "protocols", "hosts")


@click.command(
    "check", epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]},
    cls=CommandWithOldNames, old_names={"--save": "--output-dir"},
)  # fmt: skip
@click.argument("protocol", type=click.Choice(sorted(CHECKS)))
@click.argument("command", nargs=-1, type=click.UNPROCESSED, metavar="[-- COMMAND ... {port}]")
@click.option("--address", callback=address, metavar="HOST:PORT", help="A server that is running.")
@click.option(
    "--python", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="FILE.py", help="A server in Python: checked on each of --interpreters.",
)  # fmt: skip
@click.option(
    "--interpreters", metavar="LIST", help="For --python, for example cpython,jython,pypy."
)
@click.option(
    "--port",
    type=click.IntRange(1, 65_535),
    help="The port that COMMAND uses, if it ignores {port}.",
)
@click.option(
    "--start-limit", type=Seconds(), default=60.0, show_default=True,
    help="Seconds until the server must accept a connection.",
)  # fmt: skip
@click.option("--only", metavar="NAMES", help="Only these checks, separated by commas.")
@click.option(
    "--level",
    type=click.Choice([level.value for level in Level]),
    help="Up to which level (default: required, the public protocol). strong adds what a "
    "good server promises besides: one order for all, bounded memory, no leaks, an orderly end.",
)
@click.option("--verbose", is_flag=True, help="Show every check, and each failure in full.")
@click.option(
    "--transcripts", is_flag=True, help="With --json: also what each client sent and received."
)
@click.option("--list", "listing", is_flag=True, help="List the checks and exit.")
@click.option(
    "--profile",
    type=click.Choice(["quick", "full"]),
    default="quick",
    show_default=True,
    help="full: more clients, longer, all adverse scheduling (quick: stalls of a Python server).",
)
@click.option(
    "--adverse",
    "kinds",
    metavar="KINDS",
    help=f"Adverse scheduling for the racing checks: {', '.join(adverse.KINDS)}; none.",
)
@click.option(
    "--repeat",
    type=click.IntRange(1, 10_000),
    default=1,
    show_default=True,
    help="Number of rounds; each uses the next seed.",
)
@click.option(
    "--seed",
    type=click.IntRange(0),
    default=1,
    show_default=True,
    help="Random seed for what the clients do.",
)
@click.option(
    "--patience",
    type=Seconds(),
    default=20.0,
    show_default=True,
    help="Seconds to wait for an answer.",
)
@click.option(
    "--time-limit",
    type=Seconds(),
    default=600.0,
    show_default=True,
    help="Overall time limit in seconds; checks that did not run are listed.",
)
@click.option(
    "--output-dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Keep the transcripts of failures here.",
)
@click.option(
    "--replay",
    "recorded",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Play a saved transcript again and compare.",
)
@click.option(
    "--junit",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write JUnit XML.",
)
@json_option()
@on_hosts("Server and checks on the interpreters, or with COMMAND a program,")
@click.pass_context
def check(ctx: click.Context, /, protocol: str, **given: Any) -> None:
    """Check any echo or chat server, in any language: which promises does it keep?"""
    options = CheckOptions(**given)
    checks = _chosen(protocol, options.only, options.level, options.listing)
    if options.listing:
        for listed in checks:
            click.echo(f"{listed.level.value:13} {listed.name:16} {listed.promise}")
        return
    _no_python_file_as_command(options)
    quick = options.profile == "quick"
    plan = Plan(
        options.seed, quick, options.patience, options.repeat, options.time_limit, protocol=protocol
    )
    ctx.exit(_checked(protocol, checks, plan, options))


def _checked(protocol: str, checks: Sequence[Check], plan: Plan, options: CheckOptions) -> int:
    """Do what was asked for; the exit status."""
    if options.on:
        from portable_harness.check import remote  # and the transport with it

        if options.address or bool(options.file) == bool(options.command):
            raise Problem("say which server is started there", "--python FILE.py, or -- COMMAND")
        return remote.measure(protocol, checks, plan, options)
    demand_outputs(options)
    if options.file:
        return on_interpreters(protocol, checks, plan, options)
    server = _server(options)
    if options.recorded:
        try:
            return play_again(server, options.recorded, plan, CHECKS[protocol])
        finally:
            server.stop()
    return on_server(protocol, server, checks, plan, options)


def _no_python_file_as_command(options: CheckOptions) -> None:
    """What is typed first by somebody who has a server.py and wants to see how it does."""
    if options.on:
        return
    for_python = options.interpreters and not options.file
    for word in options.command[:1]:
        if word.endswith(".py") and (for_python or not shutil.which(word)):
            raise Problem(f"{word} is taken for a command", f"did you mean --python {word}?")
    if for_python:
        raise Problem("--interpreters is for --python", "for example --python server.py")


def _chosen(protocol: str, only: str | None, level: str | None, listing: bool) -> list[Check]:
    """Those that are named, whatever their level; else those of the level, all for --list."""
    checks = list(CHECKS[protocol])
    if only is not None:
        names = [name.strip() for name in only.split(",") if name.strip()]
        known = {check.name for check in checks}
        if unknown := [name for name in names if name not in known]:
            raise Problem(f"no check is called {unknown[0]}", f"check {protocol} --list shows them")
        checks = [check for check in checks if check.name in names]
    levels = list(Level)
    if level is not None:
        levels = levels[: levels.index(Level(level)) + 1]
    elif only is None:
        levels = levels[: len(levels) if listing else 1]
    checks = [check for check in checks if check.level in levels]
    if not checks:
        raise Problem(
            "no check is selected", f"check {protocol} --list shows all, with their levels"
        )
    return checks


def _server(options: CheckOptions) -> Server:
    command: Sequence[str] = options.command
    if bool(options.address) == bool(command):
        raise Problem("say which server", "--address HOST:PORT, or -- COMMAND ... {port}")
    if options.address:
        return Server(options.address)
    server = StartedServer(command, options.start_limit, port=options.port)
    if server.takes_port and options.port:
        raise Problem("--port is for a command without {port}", "leave one of the two out")
    return server

"""The command ``portable-server``: a group whose sub-commands are imported when they are used.

Start-up stays short, and one part that cannot be imported does not take the others with it: the
help page is written from the table below alone. A new command is a line in that table.
"""

from __future__ import annotations

import contextlib
import importlib
import signal
import sys
from typing import NamedTuple, NoReturn

import click

from portable_harness.base import cache
from portable_harness.base.errors import INTERRUPTED
from portable_harness.base.extras import EXTRAS, absence
from portable_harness.base.options import command_name, refuse_empty
from portable_harness.base.tasks import ENDING, ending_by_signals


class Entry(NamedTuple):
    """Where a sub-command is ("module:attribute") and the line that --help shows for it."""

    target: str
    help: str


COMMANDS: dict[str, Entry] = {
    "matrix": Entry(
        "portable_harness.matrix.command:matrix",
        "Run the tests on every interpreter and show what differs.",
    ),
    "test": Entry(
        "portable_harness.matrix.selftest:selftest",
        "Run this project's own tests: the host's, then tox on CPython and Jython.",
    ),
    "interpreters": Entry(
        "portable_harness.commands.interpreters:interpreters",
        "List the interpreters found here, or install one.",
    ),
    "check": Entry(
        "portable_harness.check.command:check",
        "Check any echo or chat server, in any language: which promises does it keep?",
    ),
    "exercise": Entry(
        "portable_harness.exercise.command:exercise",
        "Write threaded servers yourself and test them on every interpreter.",
    ),
    "litmus": Entry(
        "portable_harness.litmus.command:litmus",
        "Race threads on every interpreter and grade the outcomes: A, I or F.",
    ),
    "race": Entry(
        "portable_harness.race.command:race",
        "Find races in a class or function of yours, and the interleaving that shows them.",
    ),
    "findings": Entry(
        "portable_harness.findings.command:findings",
        "Stress third-party threaded libraries under the lock watch.",
    ),
    "chat-client": Entry("portable_harness.commands.chat:client", "Talk in a chat room."),
    "compare": Entry(
        "portable_harness.compare.command:compare",
        "Measure the same server on each interpreter: what does the GIL cost it?",
    ),
    "benchmark-figures": Entry(
        "portable_harness.benchmarks.command:figures",
        "Measure our servers against their performance targets.",
    ),
}

#: Commands of the release before this one, and the words that take their place.
MOVED = {
    "chat-check": "check chat --only history,total-order,slow-member",
    "benchmark-chat": "compare --service chat --peers all",
    "benchmark-jython-start": "benchmark-figures start-jython",
}

EPILOG = """\b
Examples:
  portable-server interpreters
  portable-server interpreters install jython
  portable-server matrix --interpreters cpython,jython --html matrix.html
From a checkout, `./portable COMMAND` prepares everything and then runs the same command.

Exit status: 0 all fine, 1 something failed, 2 bad usage, 130 interrupted."""


class LazyGroup(click.Group):
    """A click group that imports a sub-command when it is called, not before."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        refuse_empty(args)
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in MOVED:
            return _moved(cmd_name)
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, attribute = entry.target.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command), entry.target
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


def _moved(name: str) -> click.Command:
    """An old command: it warns, and does what it is called now."""

    @click.command(name, add_help_option=False, context_settings={"ignore_unknown_options": True})
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def moved(arguments: tuple[str, ...]) -> int:
        click.echo(f"{name} is called `{command_name()} {MOVED[name]}` now", err=True)
        words = [*MOVED[name].split(), *arguments]
        status = group.main(words, prog_name=command_name(), standalone_mode=False)
        return status if isinstance(status, int) else 0

    return moved


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="portable-server", prog_name="portable-server")
def group() -> None:
    """Threaded TCP servers on every Python interpreter, and what differs between them."""


def one_line(problem: click.ClickException) -> str:
    """What click says in three lines, in one: scripts log it whole, and it ends with the remedy."""
    text = " ".join(f"Error: {problem.format_message()}".split())
    context = getattr(problem, "ctx", None)
    if context is None:
        return text
    return f"{text.rstrip('.')} (see {context.command_path} --help)"


def fail(problem: click.ClickException) -> NoReturn:
    """Report a problem and end with its status."""
    click.echo(one_line(problem), err=True)
    sys.exit(problem.exit_code)


def main() -> NoReturn:
    """Run the command line; Ctrl-C, SIGTERM and SIGHUP end it with one line and status 130."""
    try:
        with ending_by_signals(), cache.demanded():
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)  # ./portable blocks them
            status = group.main(prog_name=command_name(), standalone_mode=False)
    except click.ClickException as problem:
        fail(problem)
    except ModuleNotFoundError as missing:
        library = (missing.name or "").partition(".")[0]
        if library not in EXTRAS:
            raise
        fail(absence(library))
    except (click.Abort, KeyboardInterrupt):
        with contextlib.suppress(OSError):  # the terminal may be lost
            click.echo("interrupted", err=True)
        sys.exit(INTERRUPTED)
    sys.exit(status if isinstance(status, int) else 0)

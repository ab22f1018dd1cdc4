"""What several commands share: types of options, and by which name they were called."""

from __future__ import annotations

import math
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any, TypeVar

import click

from portable_harness.base.errors import Problem
from portable_harness.base.tree import page_name

COMMAND_VARIABLE = "PORTABLE_COMMAND"
Command = TypeVar("Command", bound=Callable[..., Any])


def command_name() -> str:
    """What the user has to type: the launcher of a checkout says how it was called.

    tox installs what a project's `requires` names where no PATH leads to.
    """
    name = "portable-server"
    if called := os.environ.get(COMMAND_VARIABLE):
        return called
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() and shutil.which(name) is None else name


def pages(*names: str) -> str:
    """The last paragraph of a --help: where its pages are, in lines that are not wrapped.

    click would break a path at its hyphens, and nobody could open the half of it.
    """
    return "\n\n\b\nRead more in:" + "".join(f"\n  {page_name(name)}" for name in names)


def refuse_empty(arguments: Sequence[str]) -> None:
    """Nothing, or nothing but commas, is no choice: to run everything for it takes minutes.

    :param arguments: a command line; what follows "--" in it is not ours
    :raises Problem: when one of them is such a value, alone or as ``--option=``
    """
    before = ""
    for argument in takewhile("--".__ne__, arguments):
        name, equals, value = argument.partition("=")
        is_option = name.startswith("--") and bool(equals)
        if not (value if is_option else argument).strip(", \t\n"):
            given = name if is_option else before
            raise Problem(f"{given or 'an argument'} has an empty value", "leave it out for all")
        before = argument if argument.startswith("-") else ""


class CommandWithOldNames(click.Command):
    """A command of which options were renamed: the old names work for one release, with a warning.

    :param old_names: the old name of an option, and the one that it has now
    """

    def __init__(self, *arguments: Any, old_names: Mapping[str, str], **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._old_names = old_names

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)  # what follows is not for us
        ours = [self._by_its_name(argument) for argument in args[:end]]
        return super().parse_args(ctx, ours + args[end:])

    def _by_its_name(self, argument: str) -> str:
        name, equals, value = argument.partition("=")
        if name not in self._old_names:
            return argument
        new = self._old_names[name]
        click.echo(f"warning: {name} is called {new} now; the old name will go", err=True)
        return new + equals + value


class Finite(click.FloatRange):
    """A number; not "nan" and not "inf", which float() takes and JSON has not."""

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        number = float(super().convert(value, param, ctx))
        if not math.isfinite(number):
            self.fail(f"{value} is not a finite number", param, ctx)
        return number


class Seconds(Finite):
    """A duration of at least one second."""

    name = "seconds"

    def __init__(self, least: float = 1.0) -> None:
        super().__init__(min=least)


class Duration(Seconds):
    """A length of time as people write it, "30s", "1.5m", or as a plain number of seconds."""

    name = "duration"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        found = re.fullmatch(r"([\d.]+)\s*(s|m|h)", str(value).strip())
        if found is None:
            return super().convert(value, param, ctx)
        unit = {"s": 1, "m": 60, "h": 3600}[found[2]]
        return super().convert(found[1], param, ctx) * unit


def requirement_options(help_text: str) -> Callable[[Command], Command]:
    """The options ``--with`` (``packages``) and ``-r`` (``requirement_files``), both repeatable.

    :param help_text: what they are for
    """
    file = click.Path(exists=True, dir_okay=False, resolve_path=True, path_type=Path)

    def add(command: Command) -> Command:
        command = click.option(
            "-r", "--requirement", "requirement_files", type=file, multiple=True, metavar="FILE",
            help="The same for the requirements in FILE. May be repeated.",
        )(command)  # fmt: skip
        return click.option(
            "--with", "packages", multiple=True, metavar="REQUIREMENT",
            help=f"{help_text} May be repeated.",
        )(command)  # fmt: skip

    return add


def pip_words(packages: Sequence[str], files: Sequence[Path]) -> tuple[str, ...]:
    """What these options ask for, as words of pip's command line."""
    return (*packages, *(word for file in files for word in ("-r", str(file))))


def address(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, int] | None:
    """A callback for HOST:PORT, [V6]:PORT or :PORT; None stays None.

    :raises Problem: for anything else
    """
    if value is None:
        return None
    host, _colon, port = value.rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise Problem(f"{value!r} is not HOST:PORT", "like 127.0.0.1:7000")
    return host.strip("[]") or "127.0.0.1", int(port)

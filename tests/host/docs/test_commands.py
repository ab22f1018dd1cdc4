"""Commands in the pages: the command is there and its parser accepts the options, unrun."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import click
import pytest

from portable_harness.base.guests import guest_variables
from portable_harness.cli import group
from tests.host.docs.pages import PAGES, Command, commands
from tests.host.house import TREE

FOUND = [command for page in PAGES for command in commands(page)]
HARNESS = sorted({command for command in FOUND if command.program == "portable-server"})
MODULES = sorted({command for command in FOUND if command.program != "portable-server"})
LAUNCHER_ONLY = (("commands",), ("--help",))

PARSED = 77
# The parser's method ends the program when the options have been accepted.
PARSE_ONLY = f"""\
import argparse, os, runpy, sys
parse = argparse.ArgumentParser.parse_args
def parse_and_end(*arguments, **options):
    parse(*arguments, **options)
    os._exit({PARSED})
argparse.ArgumentParser.parse_args = parse_and_end
del sys.argv[0]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


def accept(
    command: click.Command, words: Sequence[str], context: click.Context | None = None
) -> None:
    """Parse the words as click does, but call and open nothing.

    :raises click.UsageError: for a sub-command, an option or a value that there is not
    """
    # With its settings: a command remembers its option for help, and -h would be lost for others.
    settings = command.context_settings
    here = click.Context(command, info_name=command.name, parent=context, **settings)
    values, rest, _ = command.make_parser(here).parse_args(list(words))
    if isinstance(command, click.Group):
        if rest and not is_placeholder(rest[0]):
            name, found, others = command.resolve_command(here, rest)
            assert found is not None, name
            accept(found, others, here)
        return
    if rest:
        raise click.UsageError(f"unexpected: {rest}", here)
    for parameter in command.params:
        check_values(parameter, values.get(parameter.name or ""), here)


def check_values(parameter: click.Parameter, value: object, context: click.Context) -> None:
    """The values of a choice; those of other types may be files, which are not there."""
    if isinstance(parameter.type, click.Choice):
        given = value if isinstance(value, (list, tuple)) else [value]
        for text in given:
            if isinstance(text, str) and not is_placeholder(text):
                parameter.type.convert(text, parameter, context)


def is_placeholder(word: str) -> bool:
    """COMMAND, [CASE]... or A|B stand for something."""
    return word.strip("[].…") == word.strip("[].…").upper()


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """Run this Python in an empty environment; the tree is on its path."""
    return subprocess.run(
        [sys.executable, *words], env=guest_variables([str(TREE)], {}), cwd=TREE, timeout=120,
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def parse_of(module: str, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    words = ["echo" if word == "SERVICE" else word for word in words]
    return run("-c", PARSE_ONLY, module, *words)


@pytest.mark.parametrize("command", HARNESS, ids=str)
def test_a_command_and_its_options_are_accepted(command: Command) -> None:
    if command.words not in LAUNCHER_ONLY:
        accept(group, command.words)


def has_a_parser(command: Command) -> bool:
    return bool(command.words) and command.program.startswith("portable_server")


@pytest.mark.parametrize(
    "command", [command for command in MODULES if has_a_parser(command)], ids=str
)
def test_a_module_accepts_its_options(command: Command) -> None:
    done = parse_of(command.program, command.words)
    assert done.returncode == PARSED, done.stderr


@pytest.mark.parametrize("module", sorted({command.program for command in MODULES}))
def test_a_module_is_there(module: str) -> None:
    question = f"import importlib.util as u; assert u.find_spec({module!r}), 'absent'"
    done = run("-c", question)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "command", [command for command in HARNESS if "--list" in command.words], ids=str
)
def test_a_list_is_printed(command: Command) -> None:
    done = run("-m", "portable_harness", *command.words)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 5


@pytest.mark.parametrize(
    "words",
    ["matricks", "matrix --interpreter", "litmus --sed 1", "check smtp", "exercise begin 1",
     "chat-client a b c d", "interpreters install --method nowhere jython"],
)  # fmt: skip
def test_a_wrong_command_is_seen(words: str) -> None:
    with pytest.raises(click.UsageError):
        accept(group, words.split())


def test_a_wrong_option_of_a_module_is_seen() -> None:
    assert parse_of("portable_server", ["echo", "--prot", "7007"]).returncode == 2
    assert parse_of("portable_server.litmus", ["--secs", "2"]).returncode == 2


def test_commands_are_found() -> None:
    assert len(HARNESS) > 60
    assert len(MODULES) > 5

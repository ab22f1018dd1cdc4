"""Odd command lines for every command, made from the options that it has.

`python -m tests.host.odd_options [COUNT [SEED]]` runs COUNT of them (default 500) and prints those
that end with a traceback, with a status that no command has, or not within LIMIT seconds.

Each line has one argument for which the command cannot do its work, which takes minutes, but which
it finds out late (an interpreter, an exercise, a server that is not there), and up to three others,
right or wrong. The values are those that were
wrong before: nothing, a comma, numbers that are none, names that no file can have, a device, a
file nested too deeply, bytes that are no text.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import click

from portable_harness.base.tree import TREE
from portable_harness.cli import group

LIMIT = 20.0  # seconds
STATUSES = {0, 1, 2, 130}
# The name of a parameter: a value with which nothing can be done.
ABSENT = {
    "interpreters": "no-such-interpreter", "number": "99", "numbers": "99", "names": "no-such-name",
    "address": "127.0.0.1:1", "target": "nowhere.py:Nothing", "wanted": "no-such-interpreter",
}  # fmt: skip
VALUES = (
    "", ",", " ", "0", "-1", "1e400", "nan", "inf", "x", "nope,nope", "x" * 300, "/proc/x/y",
    "/dev/null", "/dev/full", ".", "deep.json", "text.bin", "\udcff", "\u00e9", "[", "a=b=c",
    "{port}", "127.0.0.1:99999999", "3.13", "--", "-",
)  # fmt: skip


def commands(
    parent: click.Group = group, before: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """The words of each command, and the command."""
    context = click.Context(parent)
    for name in parent.list_commands(context):
        command = parent.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))
        elif name != "test":  # it would test
            yield (*before, name), command


def command_lines(count: int, seed: int) -> Iterator[list[str]]:
    """As many lines, the same for the same seed; all commands have about as many."""
    choose = random.Random(seed)
    all_commands = list(commands())
    for number in range(count):
        words, command = all_commands[number % len(all_commands)]
        absent: list[click.Parameter] = []
        others: list[click.Parameter] = []
        for option in command.params:
            (absent if option.name in ABSENT else others).append(option)
        odd = choose.sample(others, k=min(len(others), choose.randint(1, 3)))
        parts = [given(option, choose.choice(VALUES)) for option in odd]
        parts += [given(option, ABSENT[str(option.name)]) for option in absent]
        yield [*words, *chain(*parts)]


def given(parameter: click.Parameter, value: str) -> list[str]:
    """A parameter on a command line."""
    if isinstance(parameter, click.Argument):
        return [value]
    assert isinstance(parameter, click.Option)
    name = max(parameter.opts, key=len)
    return [name] if parameter.is_flag or parameter.count else [f"{name}={value}"]


def fault(line: list[str], folder: Path) -> str:
    """What is wrong with how a command line ended; "" where nothing is."""
    command = [sys.executable, "-m", "portable_harness", *line]
    try:
        done = subprocess.run(
            command, cwd=folder, env={**os.environ, "PYTHONPATH": str(TREE)},
            stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"not within {LIMIT:g} seconds"
    if done.returncode not in STATUSES:
        return f"status {done.returncode}"
    if b"Traceback" in done.stderr or b"No module named" in done.stderr:  # ran nothing
        return done.stderr.decode("utf-8", "replace").strip().splitlines()[-1]
    return ""


def faults(count: int, seed: int) -> Iterator[str]:
    """The command lines that ended wrong, with what was wrong."""
    with tempfile.TemporaryDirectory(prefix="odd-options-") as folder:
        Path(folder, "deep.json").write_text("[" * 100_000 + "\n", encoding="utf-8")
        Path(folder, "text.bin").write_bytes(b"\xff\xfe\x00")
        for line in command_lines(count, seed):
            found = fault(line, Path(folder))
            if found:
                yield f"{line!r}: {found}"


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]] + [500, 1][len(sys.argv) - 1 :]
    for wrong in faults(*numbers):
        click.echo(wrong)

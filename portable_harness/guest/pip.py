"""The `pip` of an environment whose interpreter no pip serves: runs on the host.

It has what projects call: install, uninstall, freeze, list. The environment is found by the
record whose path `bin/pip` hands over as the first argument.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import click
import filelock
from packaging.utils import canonicalize_name

from portable_harness.base import cache
from portable_harness.base.errors import INTERRUPTED, Problem
from portable_harness.base.reading import decoded
from portable_harness.guest import environments, layout, wheels
from portable_harness.guest.programs import Target
from portable_harness.guest.requirements import parse
from portable_harness.interpreters.model import Interpreter

Words = Sequence[str]
SEEDS = ("setuptools", "wheel")  # as pip has it: freeze leaves them out


def install(interpreter: Interpreter, target: Target, words: Words) -> None:
    """`pip install`: requirements, files, folders, URLs, -r, -c, -e, index options."""
    request = parse(words)
    if not request.wanted:
        raise Problem("pip install: nothing to install", "name a requirement or -r FILE")
    with filelock.FileLock(str(target.base / ".pip.lock")):
        new = environments.install(interpreter, target, request)
    names = " ".join(each.replace(" ", "-") for each in new)
    click.echo(f"Successfully installed {names}" if new else "Nothing new")


def uninstall(_interpreter: Interpreter, target: Target, words: Words) -> None:
    """`pip uninstall NAME...`; does not ask."""
    for name in (word for word in words if not word.startswith("-")):
        if wheels.uninstall(str(canonicalize_name(name)), target):
            click.echo(f"Uninstalled {name}")
        else:
            click.echo(f"{name} is not installed", err=True)


def freeze(_interpreter: Interpreter, target: Target, words: Words) -> None:
    """`pip freeze`: one name==version a line; `--all`: with the tools that were there first."""
    hidden = () if "--all" in words else SEEDS
    for key, (metadata, _) in wheels.installed(target.site).items():
        if key not in hidden:
            click.echo(f"{metadata.name}=={metadata.version}")


def listing(_interpreter: Interpreter, target: Target, words: Words) -> None:
    """`pip list`, with --format=json too."""
    found = [metadata for metadata, _ in wheels.installed(target.site).values()]
    if any("json" in word for word in words):
        click.echo(json.dumps([{"name": m.name, "version": str(m.version)} for m in found]))
        return
    width = max([7, *(len(m.name) for m in found)])
    click.echo(f"{'Package':{width}} Version\n{'-' * width} -------")
    for metadata in found:
        click.echo(f"{metadata.name:{width}} {metadata.version}")


COMMANDS: dict[str, Callable[[Interpreter, Target, Words], None]] = {
    "install": install,
    "uninstall": uninstall,
    "freeze": freeze,
    "list": listing,
}


def run(record: Path, arguments: Words) -> None:
    """Run one command in the environment of a record.

    :raises Problem: for a command that this pip has not, and whatever goes wrong in it.
    """
    words = [word for word in arguments if word not in ("--disable-pip-version-check", "-q")]
    if words[:1] == ["--version"] or words[:1] == ["-V"]:
        click.echo(f"pip of portable-server for {record.parent}")
        return
    if not words or words[0] not in COMMANDS:
        asked = words[0] if words else "nothing"
        raise Problem(f"pip: no command {asked!r} here", f"there are {', '.join(COMMANDS)}")
    facts = decoded(record.read_text(encoding="utf-8"))["facts"]
    interpreter = Interpreter.from_facts(facts)
    COMMANDS[words[0]](interpreter, layout.target(interpreter, record.parent), words[1:])


def main() -> None:
    """The program `bin/pip`: arguments are the record's path, then pip's own."""
    try:
        with cache.demanded():
            run(Path(sys.argv[1]), sys.argv[2:])
    except click.ClickException as problem:
        click.echo(f"ERROR: {problem.message}", err=True)
        sys.exit(problem.exit_code)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)

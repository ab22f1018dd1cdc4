"""``interpreters --on``: what other hosts have."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import click
from rich.console import Console

from portable_harness.interpreters import Interpreter
from portable_harness.remote.reach import Reached, Request, reach


def listed(on: str, ssh_config: Path | None, as_json: bool) -> int:
    """Show the interpreters of all hosts; the exit status, 1 where a host was lost.

    :raises Problem: when not one host can be reached
    """
    from portable_harness.interpreters.commands import show_table

    with reach(Console(stderr=True), Request(on, ssh_config, None)) as reached:
        found = [named for one in reached for named in _named(one)]
        lost = {one.name: one.lost for one in reached if one.lost}
    if as_json:
        told = {"interpreters": [one.as_json() for one in found], "lost": lost}
        click.echo(json.dumps(told, indent=2))
    else:
        show_table("Interpreters of other hosts", found, Console())
    return int(bool(lost))


def _named(one: Reached) -> list[Interpreter]:
    return [replace(found, name=one.at(found.name)) for found in one.present]

"""The options that every command with ``--on`` has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from portable_harness.base.extras import need
from portable_harness.remote.addresses import CONFIG_VARIABLE, parse_all


def _check(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Report at once what cannot be understood, or an absent library. :raises Problem: then"""
    if value is not None:
        parse_all(value)
        need("execnet")
    return value


def on_hosts(what: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add ``--on`` and ``--ssh-config`` to a command; ``what`` says what is done there."""
    on = click.option(
        "--on",
        metavar="ssh=HOST,...",
        callback=_check,
        help=f"{what} of these hosts instead; `local` is this one.",
    )
    config = click.option(
        "--ssh-config",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        envvar=CONFIG_VARIABLE,
        metavar="FILE",
        help="For --on: ssh's configuration, instead of your own.",
    )
    return lambda command: on(config(command))

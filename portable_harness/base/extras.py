"""Optional libraries: which extra of the distribution brings which module.

The core installs quickly and small. A feature that needs more imports its library when it is used;
where the library is absent the user reads one line with the command that installs it. Options ask
with `needs` when they are parsed, so that nobody measures for minutes first.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from typing import Any

import click

from portable_harness.base.errors import Problem

#: The top-level module of each optional library: the smallest extra that brings it.
EXTRAS = {
    "execnet": "remote",
    "jgo": "jython",
    "jinja2": "html",
    "markupsafe": "html",  # it comes with jinja2
    "matplotlib": "compare",
    "pyperf": "compare",
}


def absence(module: str, extra: str = "") -> Problem:
    """What to report where `module` cannot be imported; `extra`: which one to recommend."""
    wanted = f"portable-server[{extra or EXTRAS[module]}]"
    return Problem(f"this needs the library {module}", f"pip install '{wanted}'")


def need(module: str, extra: str = "") -> None:
    """Check that an optional library is there.

    Raises:
        Problem: it is not; the message has the command that installs it.
    """
    if importlib.util.find_spec(module) is None:
        raise absence(module, extra)


def needs(module: str, extra: str = "") -> Callable[[click.Context, click.Parameter, Any], Any]:
    """A callback for a click option that cannot be used without `module`."""

    def check(ctx: click.Context, parameter: click.Parameter, value: Any) -> Any:
        if value and not ctx.resilient_parsing:
            need(module, extra)
        return value

    return check

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
    "matplotlib": "compare",
    "pyperf": "compare",
    "tox": "tox",
}


def is_here(module: str) -> bool:
    """Whether a module can be imported; it is not imported to find out."""
    try:
        return importlib.util.find_spec(module) is not None
    except ImportError:  # an import hook refuses it
        return False


def install_command(module: str, extra: str = "") -> str:
    """The command that installs an optional library; `extra`: which one to recommend."""
    return f"pip install 'portable-server[{extra or EXTRAS[module]}]'"


def absence(module: str, extra: str = "") -> Problem:
    """What to report where `module` cannot be imported."""
    return Problem(f"this needs the library {module}", install_command(module, extra))


def need(module: str, extra: str = "") -> None:
    """Check that an optional library is there.

    Raises:
        Problem: it is not; the message has the command that installs it.
    """
    if not is_here(module):
        raise absence(module, extra)


def needs(*modules: str, extra: str = "") -> Callable[[click.Context, click.Parameter, Any], Any]:
    """A callback for a click option that cannot be used without these modules."""

    def check(ctx: click.Context, parameter: click.Parameter, value: Any) -> Any:
        if value and not ctx.resilient_parsing:
            for module in modules:
                need(module, extra)
        return value

    return check

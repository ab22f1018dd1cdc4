"""Packages that not everybody needs: which extra of this distribution brings which import.

What is always there is in `install_requires` (setup.cfg), and is imported as usual. Everything in
the table below is imported where it is used, and asked for with `need` before that: while a command
reads its options, so that no one waits for a measurement whose result cannot be drawn.
"""

from __future__ import annotations

import importlib.util

from portable_harness.base.errors import Problem

DISTRIBUTION = "portable-server"

#: Import name -> the extra that brings it.
EXTRAS = {
    "execnet": "remote",
    "jgo": "jython",
    "matplotlib": "compare",
    "pyperf": "compare",
    "tox": "tox",
}


def is_here(module: str) -> bool:
    """Whether a module can be imported; it is not imported for the answer."""
    try:
        return importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):  # a hook refuses it; it was put into sys.modules without spec
        return False


def how_to_get(module: str) -> str:
    """What to type: "pip install 'portable-server[compare]'"."""
    return f"pip install '{DISTRIBUTION}[{EXTRAS[module]}]'"


def need(module: str, who: str) -> None:
    """Do nothing when an import of `EXTRAS` is here.

    :param who: what the user asked for, such as "compare --plots"
    :raises Problem: one line with the command that installs it
    """
    if not is_here(module):
        raise Problem(f"{who} needs {module}; run: {how_to_get(module)}")

"""A run as one page: no scripts, styles or fonts from anywhere else, light and dark."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from portable_harness.base.outputs import write_file
from portable_harness.base.templates import template
from portable_harness.litmus import view

TEMPLATE = "litmus.html"


def write(path: Path, run: Mapping[str, Any]) -> None:
    """Render :func:`portable_harness.litmus.document.document` into ``path``.

    :raises Problem: when it cannot be written
    """
    write_file(path, render(run))


def render(run: Mapping[str, Any]) -> str:
    """The page as text; everything measured is escaped."""
    modules: dict[str, list[Mapping[str, Any]]] = {}
    for case in run["cases"]:
        modules.setdefault(case["name"].rpartition(".")[0], []).append(case)
    return template(TEMPLATE).render(
        run=run, view=view, modules=modules, sentences=view.verdicts(run)
    )

"""A run as one page: no scripts, styles or fonts from anywhere else, light and dark."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

from harness.litmus import view

TEMPLATE = "litmus.html"


def write(path: Path, run: Mapping[str, Any]) -> None:
    """Render :func:`harness.litmus.document.document` into ``path``."""
    path.write_text(render(run), encoding="utf-8")


def render(run: Mapping[str, Any]) -> str:
    """The page as text; everything measured is escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent.parent / "report"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    modules: dict[str, list[Mapping[str, Any]]] = {}
    for case in run["cases"]:
        modules.setdefault(case["name"].rpartition(".")[0], []).append(case)
    return environment.get_template(TEMPLATE).render(
        run=run, view=view, modules=modules, sentences=view.verdicts(run)
    )

"""A comparison as one page: no scripts, styles or fonts from anywhere else, light and dark."""

from __future__ import annotations

import shlex
from html import escape
from pathlib import Path

from portable_harness.base.templates import template
from portable_harness.compare import drawing
from portable_harness.compare.pictures import Picture, pictures
from portable_harness.compare.records import Record
from portable_harness.compare.report import ABOUT_RATIO, HEADINGS, figure, texts
from portable_harness.compare.summary import Cell, Summary

TEMPLATE = "compare.html"
DARK = ("#79b8ff", "#ffa657", "#56d364", "#d2a8ff", "#56c8d8", "#e3b341", "#ff8fb3", "#b4bac2")
# Not shown with the environment, or elsewhere already.
PARTS = (
    "kind", "format", "sides", "workloads", "started", "model", "seed", "application", "command",
)  # fmt: skip
TOLD = {
    "load_average": "load average, 1 minute",
    "other_cpu": "share of the processors that others used",
    "steal": "share of the processors that the hypervisor took",
}
SIDE = ("title", "implementation", "version", "host", "command")


def write(path: Path, summary: Summary) -> None:
    """Render the page into ``path``.

    :raises OSError: when it cannot be written
    """
    path.write_text(render(summary), encoding="utf-8", errors="backslashreplace")


def render(summary: Summary) -> str:
    """The page as text; everything measured is escaped."""
    sides = [summary.title(side["name"]) for side in summary.sides]
    return template(TEMPLATE).render(
        summary=summary,
        heading=f"Comparison: {', '.join(sides)}",
        intro=_intro(summary.run.environment),
        again=_again(summary.run.environment),
        colours=list(zip(drawing.SIDES, DARK, strict=True)),
        pictures=_drawn(pictures(summary)),
        about_ratio=ABOUT_RATIO,
        headings=HEADINGS,
        cells=_cells,
        figure=figure,
        environment=list(_environment(summary)),
    )


def _drawn(made: list[Picture]) -> list[tuple[Picture, str]]:
    """SVG of our own making, not escaped by the template: matplotlib has escaped its text."""
    return [
        (picture, text.replace("<svg ", f"<svg {_spoken(picture)} ", 1))
        for picture, text in zip(made, drawing.inline(made), strict=True)
    ]


def _spoken(picture: Picture) -> str:
    return f'role="img" aria-label="{escape(picture.alternative)}"'


def _cells(cell: Cell) -> list[tuple[str, str]]:
    """Of the table, without the side: the class of its style and its text."""
    kinds = {HEADINGS.index("verdict"): cell.verdict.value}
    return [(kinds.get(at, ""), text) for at, text in enumerate(texts(cell))][1:]


def _intro(about: Record) -> str:
    parts = [str(about[name]) for name in ("started",) if about.get(name)]
    for name, unit in (("rounds", "rounds"), ("seconds", "s each")):
        if about.get(name):
            parts.append(f"{about[name]} {unit}")
    if about.get("model"):
        parts.append(f"model {about['model']}")
    return "; ".join(parts)


def _again(about: Record) -> str:
    """The line that measures the same again."""
    words = about.get("command")
    return shlex.join(["portable-server", *map(str, words)]) if isinstance(words, list) else ""


def _environment(summary: Summary) -> list[tuple[str, str]]:
    """All that is known of the machine and of the sides."""
    about = summary.run.environment
    known = [
        (name.replace("_", " "), _text(value)) for name, value in about.items() if name not in PARTS
    ]
    measured = [
        record for rounds in summary.run.measurements.values() for record in rounds.values()
    ]
    for name, unit in (("load_average", ""), ("other_cpu", "%"), ("steal", "%")):
        values = [float(record[name]) for record in measured if record.get(name) is not None]
        if values:
            known.append((TOLD[name], _range(values, unit)))
    return known + [(f"side {side['name']}", _side(summary, side)) for side in summary.sides]


def _side(summary: Summary, side: Record) -> str:
    facts = [_text(side[name]) for name in SIDE if side.get(name)]
    gil = summary.run.gil.get(side["name"])
    if gil is not None:
        facts.append("GIL in force at its end" if gil else "no GIL in force at its end")
    return ", ".join(facts)


def _range(values: list[float], unit: str) -> str:
    form = "{:.0%} to {:.0%}" if unit else "{:.1f} to {:.1f}"
    return form.format(min(values), max(values))


def _text(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)

"""Draws the pictures of a comparison with matplotlib: SVG and PNG files, and SVG inside a page.

A picture is drawn once, in the colours for white paper. Inside a page each of these colours becomes
a variable of its style sheet, so that the same drawing serves light and dark; its text stays text.
Pictures are narrow, so that they can be read on a phone, and grow with the number of rows.

matplotlib is imported when something is drawn: it takes longer than all the rest of a command's
start. It needs no display this way (no pyplot), and what it would keep in the user's home goes to a
folder that is removed.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import re
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from portable_harness.compare.pictures import Picture, Series, short

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SOFT, LINE, PAPER = "#1c1e21", "#5d636b", "#d9dce0", "#ffffff"
# A side has its colour and its sign: not all eyes tell colours, not all printers print them.
SIDES = ("#0b5cad", "#c2410c", "#1a7f37", "#8e24aa", "#0b7285", "#8a5a00", "#c2255c", "#44494f")
SIGNS = "osD^vPX*"
VARIABLES = {
    INK: "--ink", SOFT: "--soft", LINE: "--line", PAPER: "--paper",
    **{colour: f"--side-{number}" for number, colour in enumerate(SIDES)},
}  # fmt: skip
WIDTH = 4.4  # inches: 317 points, about what a phone is wide; text keeps its size there
SMALL = 9.5
LABEL = 0.24  # inches for the name of a row, and for each side in it
EACH = {"bars": 0.2, "dots": 0.11}
BEHIND_TEXT = {"facecolor": PAPER, "edgecolor": "none", "pad": 1}
TITLE = 42  # characters of a title in one line
DOTS = 200  # of a PNG, for each inch
WIDE = 20.0  # largest to smallest, above which an axis is logarithmic
BEYOND = 4.0  # times the outermost median: intervals are shown up to there
STYLE = {
    "font.size": 10.5, "font.family": "sans-serif", "svg.fonttype": "none",
    "svg.hashsalt": "compare", "text.color": INK, "axes.labelcolor": SOFT,
    "axes.edgecolor": LINE, "axes.facecolor": "none",
    "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.color": LINE,
    "grid.linewidth": 0.6, "axes.axisbelow": True, "xtick.color": SOFT, "ytick.color": SOFT,
    "xtick.labelcolor": INK, "ytick.labelcolor": INK, "figure.facecolor": PAPER,
    "legend.frameon": False, "lines.linewidth": 1.6, "lines.markersize": 5,
    "figure.constrained_layout.use": True, "text.parse_math": False,
}  # fmt: skip


def write(folder: Path, pictures: list[Picture]) -> list[Path]:
    """Each picture as an SVG and a PNG file.

    :raises OSError: when they cannot be written
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with _matplotlib():
        for picture in pictures:
            figure = _figure(picture)
            for ending in ("svg", "png"):
                path = folder / f"{picture.name}.{ending}"
                path.write_bytes(_drawn(figure, ending, picture.title))
                written.append(path)
    return written


def inline(pictures: list[Picture]) -> list[str]:
    """SVG elements for a page whose style has the variables ``--ink``, ``--side-0``, ..."""
    with _matplotlib():
        return [_inline(picture) for picture in pictures]


@contextlib.contextmanager
def _matplotlib() -> Iterator[None]:
    """matplotlib with our style alone, whatever the user's settings are."""
    with contextlib.ExitStack() as stack:
        if "MPLCONFIGDIR" not in os.environ:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="portable-server-"))
            os.environ["MPLCONFIGDIR"] = folder
            stack.callback(os.environ.pop, "MPLCONFIGDIR", None)
        # On a slow machine it tells that it looks for fonts.
        logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
        from matplotlib import figure, font_manager, style  # noqa: F401 (it reads the folder once)

        stack.enter_context(style.context(["default", STYLE]))
        yield


def _drawn(figure: Figure, ending: str, title: str) -> bytes:
    made = io.BytesIO()
    about: dict[str, Any] = {"Title": title}
    if ending == "svg":
        about["Date"] = None  # the same results, the same file
    figure.savefig(made, format=ending, dpi=DOTS, metadata=about)
    return made.getvalue()


def _inline(picture: Picture) -> str:
    """Without what only a file needs; its names are made its own: a page has many pictures."""
    text = _drawn(_figure(picture), "svg", picture.title).decode("utf-8")
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{picture.name}-", text)
    for colour, variable in VARIABLES.items():
        text = text.replace(colour, f"var({variable})")
    return re.sub(r'^<svg ([^>]*?)width="[^"]*" height="[^"]*"', r"<svg \1", text)


def _figure(picture: Picture) -> Figure:
    from matplotlib.figure import Figure

    in_rows = picture.kind != "lines"
    figure = Figure(figsize=(WIDTH, _height(picture)))
    axes = figure.add_subplot()
    (_draw_rows if in_rows else _draw_lines)(axes, picture)
    if picture.line is not None:
        (axes.axvline if in_rows else axes.axhline)(picture.line, color=SOFT, linewidth=1)
    axes.tick_params(length=0)
    axes.grid(visible=in_rows, axis="x")
    axes.grid(visible=not in_rows, axis="y")
    figure.suptitle(textwrap.fill(picture.title, TITLE), fontsize=11.5, x=0.01, ha="left")
    handles, labels = axes.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower left", ncols=2, fontsize=SMALL)
    return figure


def _height(picture: Picture) -> float:
    """Room for title, axis and legend, and for the rows."""
    legend = 0.2 * ((len(picture.series) + 1) // 2)
    if picture.kind == "lines":
        return 3.0 + legend
    return 0.9 + legend + _row_height(picture) * len(picture.places)


def _row_height(picture: Picture) -> float:
    return _label_height(picture) + EACH[picture.kind] * len(picture.series)


def _label_height(picture: Picture) -> float:
    """A row has its name above it: to its left, long names would take all the room."""
    return LABEL if len(picture.places) > 1 else 0.08


# --- lines, from left to right
def _draw_lines(axes: Axes, picture: Picture) -> None:
    for series in picture.series:
        places, values = list(series.points), list(series.points.values())
        axes.errorbar(
            places, [x.middle for x in values], yerr=_errors(series), label=series.title,
            color=_colour(series), marker=_sign(series), elinewidth=1, capsize=2,
        )  # fmt: skip
    axes.set_xlabel(picture.axis)
    axes.set_ylabel(picture.value)
    _number(axes, picture, "y")
    if picture.places:
        axes.set_xticks(range(len(picture.places)), picture.places)
        return
    places = sorted({at for series in picture.series for at in series.points})
    axes.set_xscale("log")
    axes.minorticks_off()
    axes.set_xticks(places, [f"{at:,.0f}" for at in places])


# --- rows, from above to below
def _draw_rows(axes: Axes, picture: Picture) -> None:
    draw = _draw_bars if picture.kind == "bars" else _draw_dots
    thick = EACH[picture.kind] / _row_height(picture)  # a row is 1 high
    first = _label_height(picture) / _row_height(picture) - 0.5 + thick / 2
    for number, series in enumerate(picture.series):
        draw(axes, series, [place + first + number * thick for place in series.points], thick)
    axes.set_ylim(len(picture.places) - 0.5, -0.5)
    axes.set_yticks([])
    axes.set_xlabel(picture.value)
    _number(axes, picture, "x")
    if len(picture.places) > 1:
        for place, text in enumerate(picture.places):
            axes.text(
                0.01, place - 0.5 + (first + 0.5 - thick / 2) / 2, text,
                fontsize=SMALL, va="center", transform=axes.get_yaxis_transform(), bbox=BEHIND_TEXT,
            )  # fmt: skip


def _draw_bars(axes: Axes, series: Series, places: list[float], thick: float) -> None:
    values = [x.middle for x in series.points.values()]
    bars = axes.barh(
        places, values, thick * 0.85, xerr=_errors(series), label=series.title,
        color=_colour(series), error_kw={"elinewidth": 1, "ecolor": INK},
    )  # fmt: skip
    axes.bar_label(bars, [short(value) for value in values], padding=3, fontsize=SMALL)


def _draw_dots(axes: Axes, series: Series, places: list[float], _: float) -> None:
    axes.errorbar(
        [x.middle for x in series.points.values()], places, xerr=_errors(series),
        label=series.title, color=_colour(series),
        marker=_sign(series), linestyle="none", elinewidth=1,
    )  # fmt: skip


# --- what both need
def _colour(series: Series) -> str:
    return SIDES[series.number % len(SIDES)]


def _sign(series: Series) -> str:
    return SIGNS[(series.number + series.number // len(SIGNS)) % len(SIGNS)]


def _errors(series: Series) -> list[list[float]]:
    values = list(series.points.values())
    return [
        [max(0.0, x.middle - x.low) for x in values],
        [max(0.0, x.high - x.middle) for x in values],
    ]


def _number(axes: Axes, picture: Picture, name: str) -> None:
    """From nothing where the values are of one size; logarithmic with plain numbers elsewhere.

    Intervals that go far beyond the values, as those of few rounds do, are cut off.
    """
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    points = [x for series in picture.series for x in series.points.values()]
    least, most = min(x.middle for x in points), max(x.middle for x in points)
    axis = getattr(axes, f"{name}axis")
    if picture.logarithmic or (most > WIDE * least and picture.kind == "lines"):
        getattr(axes, f"set_{name}scale")("log")
        low = max(least / BEYOND, min([x.low for x in points if x.low > 0] or [least]))
        high = min(most * BEYOND, max(x.high for x in points))
        getattr(axes, f"set_{name}lim")(low / 1.3, high * 1.3)
        subs = (1.0,) if high > 30 * low else (1.0, 2.0, 5.0)
        axis.set_major_locator(LogLocator(subs=subs))
        axis.set_minor_formatter(NullFormatter())
    else:
        room = 1.15 if picture.kind == "bars" else 1.05  # a bar has its value after it
        high = min(most * BEYOND, max(x.high for x in points))
        getattr(axes, f"set_{name}lim")(0, high * room)
    axis.set_major_formatter(FuncFormatter(lambda value, _: short(value)))

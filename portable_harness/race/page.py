"""What ``race`` found as one page: the interleaving drawn, a column for each thread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from portable_harness.base.options import command_name
from portable_harness.base.outputs import write_file
from portable_harness.base.templates import template
from portable_harness.race.run import Cell

TEMPLATE = "race.html"


def write(path: Path, target: str, cells: Sequence[Cell]) -> None:
    """Render the cells into ``path``.

    :raises Problem: when it cannot be written
    """
    text = template(TEMPLATE).render(
        target=target, cells=cells, drawing=drawing, command=command_name()
    )
    write_file(path, text)


def drawing(steps: Sequence[dict[str, Any]]) -> tuple[list[str], list[list[dict[str, Any] | None]]]:
    """The threads' names, and for each step a row with it in the column of its thread.

    A step that another thread's step came before has ``handed`` set: the processor went over.
    """
    threads = list(dict.fromkeys(step["thread"] for step in steps))
    rows, before = [], ""
    for step in steps:
        handed = bool(before) and before != step["thread"]
        row = [{**step, "handed": handed} if name == step["thread"] else None for name in threads]
        rows.append(row)
        before = step["thread"]
    return threads, rows

"""Cells and columns of the matrix as they go over the line, and back."""

from __future__ import annotations

from typing import Any

from portable_harness.matrix.outcomes import Cell, Column, Outcome

PLAIN = ("name", "command", "trouble", "absent", "seconds", "processes", "interrupted", "output",
         "closing", "pace")  # fmt: skip


def cell_to(cell: Cell) -> list[Any]:
    return [cell.outcome.value, cell.seconds, cell.message, cell.detail]


def cell_from(told: list[Any]) -> Cell:
    return Cell(Outcome(told[0]), *told[1:])


def cells_to(cells: dict[str, Cell]) -> dict[str, list[Any]]:
    return {name: cell_to(cell) for name, cell in cells.items()}


def cells_from(told: dict[str, list[Any]]) -> dict[str, Cell]:
    return {name: cell_from(cell) for name, cell in told.items()}


def column_to(column: Column) -> dict[str, Any]:
    plain = {name: getattr(column, name) for name in PLAIN}
    cells = {"cells": cells_to(column.cells), "files": cells_to(column.files)}
    return {**plain, **cells, "facts": dict(column.facts)}


def column_from(told: dict[str, Any]) -> Column:
    cells = {"cells": cells_from(told["cells"]), "files": cells_from(told["files"])}
    return Column(**{**told, **cells})

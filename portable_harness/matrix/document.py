"""The matrix as JSON; docs/matrix.md describes every key."""

from __future__ import annotations

from typing import Any

from portable_harness.matrix.merge import Matrix, Row
from portable_harness.matrix.outcomes import Cell, Column

SCHEMA = 1


def document(matrix: Matrix, status: int) -> dict[str, Any]:
    """A JSON-able dict, the same for every form of report that wants all the detail."""
    return {
        "schema": SCHEMA,
        **matrix.facts,
        "interrupted": matrix.interrupted,
        "status": status,
        "interpreters": [_column(matrix, column) for column in matrix.columns],
        "differences": [row.test for row in matrix.differences()],
        "tests": [_row(matrix, row) for row in matrix.rows],
    }


def _column(matrix: Matrix, column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "state": state(column),
        "command": column.command,
        "facts": dict(column.facts),
        "totals": {outcome.value: count for outcome, count in matrix.totals(column).items()},
        "seconds": round(column.seconds, 3),
        "pace": column.pace,
        "processes": column.processes,
        "trouble": column.trouble,
        "absent": column.absent,
        "lost": column.lost,
        "output": column.output,
    }


def state(column: Column) -> str:
    """One word for a column: absent, lost, interrupted, failed or passed."""
    if column.absent:
        return "absent"
    if column.lost:
        return "lost"
    if column.interrupted:
        return "interrupted"
    return "failed" if column.is_bad else "passed"


def _row(matrix: Matrix, row: Row) -> dict[str, Any]:
    pairs = zip(matrix.columns, row.cells, strict=True)
    return {
        "id": row.test,
        "file": row.file,
        "cells": {column.name: _cell(cell) for column, cell in pairs},
    }


def _cell(cell: Cell) -> dict[str, Any]:
    values: dict[str, Any] = {"outcome": cell.outcome.value, "seconds": round(cell.seconds, 3)}
    extra = {"message": cell.message, "detail": cell.detail, "ledger": cell.ledger_id}
    values.update({key: value for key, value in extra.items() if value})
    return values

"""Columns become a table: one row for each test, one cell for each interpreter.

A test that one interpreter collected and another did not gets a cell there too: the reason of the
skip or the error where its whole file was left out, else *absent*. Nothing is ever blank, so that
a blank cannot pass for a success.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from portable_harness.matrix.outcomes import BAD, Cell, Column, Outcome


@dataclass(frozen=True)
class Row:
    """One test: its pytest id and its cells in the order of the columns."""

    test: str
    cells: tuple[Cell, ...]

    @property
    def file(self) -> str:
        return self.test.partition("::")[0]

    @property
    def is_bad(self) -> bool:
        return any(cell.outcome.is_bad for cell in self.cells)


@dataclass
class Matrix:
    """The merged table. ``facts`` are those of the run as a whole (project, start, duration)."""

    columns: list[Column]
    rows: list[Row]
    interrupted: bool = False
    facts: dict[str, Any] = field(default_factory=dict)

    def present(self) -> list[Column]:
        return [column for column in self.columns if not column.absent]

    def present_cells(self, row: Row) -> list[Cell]:
        pairs = zip(self.columns, row.cells, strict=True)
        return [cell for column, cell in pairs if not column.absent]

    def differences(self) -> list[Row]:
        """Rows whose outcome is not the same on all interpreters that are here.

        Not counted: *not applicable* (the ledger explains it; see :meth:`explained`) and
        *unreached* and *lost*, which say nothing of the test (the column says why).
        """
        return [row for row in self.rows if len(self._outcomes(row)) > 1]

    def _outcomes(self, row: Row) -> set[Outcome]:
        ignored = {Outcome.NOT_APPLICABLE, Outcome.UNREACHED, Outcome.LOST}
        return {cell.outcome for cell in self.present_cells(row)} - ignored

    def alike_and_bad(self) -> list[Row]:
        """Rows that are bad on every interpreter that ran them: no difference, but no success."""
        different = {row.test for row in self.differences()}
        judged = (row for row in self.rows if self._outcomes(row) & BAD)
        return [row for row in judged if row.test not in different]

    def explained(self) -> dict[str, list[tuple[Row, Column, Cell]]]:
        """Cells that are not applicable, by the id of the ledger's record."""
        found: dict[str, list[tuple[Row, Column, Cell]]] = {}
        for row in self.rows:
            for column, cell in zip(self.columns, row.cells, strict=True):
                if cell.ledger_id is not None:
                    found.setdefault(cell.ledger_id, []).append((row, column, cell))
        return found

    def totals(self, column: Column) -> Counter[Outcome]:
        at = self.columns.index(column)
        return Counter(row.cells[at].outcome for row in self.rows)

    def files(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.file, []).append(row)
        return found

    @property
    def is_empty(self) -> bool:
        return not self.rows and not any(column.trouble or column.lost for column in self.columns)

    @property
    def is_absent_somewhere(self) -> bool:
        """Whether an interpreter is not here, or has not collected a test that another one has."""
        cells = (cell for row in self.rows for cell in row.cells)
        return any(column.absent for column in self.columns) or any(
            cell.outcome is Outcome.ABSENT for cell in cells
        )

    def status(self, skip_absent: bool = False) -> int:
        """The exit status: 130 interrupted, 1 where anything is bad or absent, else 0."""
        if self.interrupted:
            return 130
        absent = self.is_absent_somewhere and not skip_absent
        nobody = not self.present()
        return int(absent or nobody or any(column.is_bad for column in self.columns))


def merge(columns: Sequence[Column], interrupted: bool = False, **facts: Any) -> Matrix:
    """The table of ``columns``; rows in the order in which the suite has them."""
    tests = in_order(column.cells for column in columns)
    for column in columns:  # a failure of each test that another interpreter found in the file
        for name, cell in column.files.items():
            if cell.outcome.is_bad:
                there = [test for test in tests if test.startswith(name + "::")]
                column.cells.update(dict.fromkeys(there or [name], cell))
    rows = [
        Row(test, tuple(cell_for(column, test) for column in columns))
        for test in in_order(column.cells for column in columns)
    ]
    return Matrix(list(columns), rows, interrupted, facts)


def in_order(suites: Iterable[Iterable[str]]) -> list[str]:
    """Every test once, each file's together; files and tests in the order they are first seen."""
    files: dict[str, dict[str, None]] = {}
    for suite in suites:
        for test in suite:
            files.setdefault(test.partition("::")[0], {})[test] = None
    return [test for name in sorted(files) for test in files[name]]


def cell_for(column: Column, test: str) -> Cell:
    """The cell of ``test``, also where this interpreter did not collect it."""
    if column.absent:
        return Cell(Outcome.ABSENT, 0.0, column.absent)
    if test in column.cells:
        return column.cells[test]
    file, _, function = test.partition("::")
    if file in column.files and function:
        return column.files[file]
    if column.lost:
        return Cell(Outcome.LOST, 0.0, column.lost)
    if column.interrupted or column.trouble:
        return Cell(Outcome.UNREACHED, 0.0, "the run ended before this test was collected")
    return Cell(Outcome.ABSENT, 0.0, "this interpreter's suite has no such test")

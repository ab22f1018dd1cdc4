"""One JUnit XML file for each interpreter, also where it crashed or hung.

pytest writes its own such file only when a run ends well, so these are written from the merged
cells: every row is in every file. A crash, a hang, and a test that was not reached or whose host
was lost are ``error``, a failure is ``failure``; absent, skipped and not applicable are ``skipped``
with the reason.
"""

from __future__ import annotations

from pathlib import Path

from portable_harness.base import junit
from portable_harness.base.junit import Case, Kind, Remark, Suite
from portable_harness.matrix.merge import Matrix, Row
from portable_harness.matrix.outcomes import Cell, Column, Outcome

KINDS = {
    Outcome.FAIL: Kind.FAILURE,
    Outcome.CRASH: Kind.ERROR,
    Outcome.HANG: Kind.ERROR,
    Outcome.UNREACHED: Kind.ERROR,
    Outcome.LOST: Kind.ERROR,
    Outcome.ABSENT: Kind.SKIPPED,
    Outcome.NOT_APPLICABLE: Kind.SKIPPED,
    Outcome.SKIP: Kind.SKIPPED,
}


def write_all(matrix: Matrix, folder: Path) -> list[Path]:
    """``folder``/NAME.xml for each interpreter; the folder is made where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(matrix, at, column, folder) for at, column in enumerate(matrix.columns)]


def _write(matrix: Matrix, at: int, column: Column, folder: Path) -> Path:
    cases = [_case(row, row.cells[at]) for row in matrix.rows]
    troubles = [*column.trouble, *([f"lost: {column.lost}"] if column.lost else [])]
    path = folder / f"{column.name}.xml"
    junit.write(path, Suite(column.name, cases, "\n".join(troubles), column.seconds))
    return path


def _case(row: Row, cell: Cell) -> Case:
    _, _, name = row.test.partition("::")
    classname = row.file.removesuffix(".py").replace("/", ".")
    return Case(classname, name or row.file, cell.seconds, _remark(cell))


def _remark(cell: Cell) -> Remark | None:
    kind = KINDS.get(cell.outcome)
    return kind and Remark(kind, f"{cell.outcome.value}: {cell.message}", cell.detail)

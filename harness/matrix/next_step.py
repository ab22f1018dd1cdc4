"""The last line of a matrix: what to do next."""

from __future__ import annotations

import shlex
from pathlib import Path

from harness.matrix.guests import TREE
from harness.matrix.merge import Matrix, Row
from harness.options import command_name


def after(matrix: Matrix, page: Path | None, skip_absent: bool = False) -> str:
    """One sentence that depends on how it went, the most urgent first."""
    if matrix.interrupted:
        return "Interrupted. What was measured is above; run the same command again for the rest."
    bad = next((row for row in matrix.rows if row.is_bad), None)
    if bad is not None:
        return f"Next: look at one of them alone: {_alone(matrix, bad)}"
    troubled = next((column for column in matrix.columns if column.trouble), None)
    if troubled is not None:
        return f"Next: read {troubled.output or troubled.name + ' above'}"
    absent = [column.name for column in matrix.columns if column.absent]
    if absent and not skip_absent:
        return f"Next: get {', '.join(absent)} as its line says, or accept it with --skip-absent"
    if matrix.is_absent_somewhere and not skip_absent:
        return "Next: give each test the same name on every interpreter, or a skip with its reason"
    if page is not None:
        return f"All fine. Next: open {page}"
    return (
        "All fine. Next: every test in detail with --html FILE, more interpreters with "
        f"`{command_name()} interpreters install NAME`"
    )


def _alone(matrix: Matrix, row: Row) -> str:
    pairs = zip(matrix.columns, row.cells, strict=True)
    names = ",".join(column.name for column, cell in pairs if cell.outcome.is_bad)
    where = matrix.facts.get("folder")
    project = f" --project {where}" if where and where != str(TREE) else ""
    only = shlex.quote(row.test)
    return f"{command_name()} matrix{project} --interpreters {names} --only {only}"

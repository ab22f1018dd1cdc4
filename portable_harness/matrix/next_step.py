"""The last line of a matrix: what to do next."""

from __future__ import annotations

import shlex
from pathlib import Path

from portable_harness.base.options import command_name
from portable_harness.base.tree import TREE
from portable_harness.matrix.merge import Matrix, Row
from portable_harness.matrix.outcomes import Outcome


def after(matrix: Matrix, page: Path | None, skip_absent: bool = False) -> str:
    """One sentence that depends on how it went, the most urgent first."""
    if matrix.interrupted:
        return "Interrupted. What was measured is above; run the same command again for the rest."
    bad = next((row for row in matrix.rows if _is_a_result(row)), None)
    if bad is not None:
        return f"Next: look at one of them alone: {_alone(matrix, bad)}"
    troubled = next((column for column in matrix.columns if column.trouble), None)
    if troubled is not None:
        return f"Next: read {troubled.output or troubled.name + ' above'}"
    lost = next((column for column in matrix.columns if column.lost), None)
    if lost is not None:
        return f"Next: see that {lost.name.partition('@')[2]} is there, and run the same again"
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


def _is_a_result(row: Row) -> bool:
    """Whether something bad was seen, and not only nothing."""
    return any(cell.outcome.is_bad and cell.outcome is not Outcome.LOST for cell in row.cells)


def _alone(matrix: Matrix, row: Row) -> str:
    pairs = zip(matrix.columns, row.cells, strict=True)
    columns = [column.name for column, cell in pairs if cell.outcome.is_bad and not column.lost]
    names = ",".join(dict.fromkeys(name.partition("@")[0] for name in columns))
    on = f" --on {shlex.quote(matrix.facts['on'])}" if matrix.facts.get("on") else ""
    where = matrix.facts.get("folder")
    project = f" --project {where}" if where and where != str(TREE) else ""
    only = shlex.quote(row.test)
    return f"{command_name()} matrix{project}{on} --interpreters {names} --only {only}"

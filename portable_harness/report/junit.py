"""One JUnit XML file for each interpreter, also where it crashed or hung.

pytest writes its own such file only when a run ends well, so these are written from the merged
cells: every row is in every file. A crash, a hang, and a test that was not reached or whose host
was lost are ``error``, a failure is ``failure``; absent, skipped and not applicable are ``skipped``
with the reason.
"""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from portable_harness.matrix.merge import Matrix, Row
from portable_harness.matrix.outcomes import Cell, Column, Outcome

ELEMENT = {
    Outcome.FAIL: "failure",
    Outcome.CRASH: "error",
    Outcome.HANG: "error",
    Outcome.UNREACHED: "error",
    Outcome.LOST: "error",
    Outcome.ABSENT: "skipped",
    Outcome.NOT_APPLICABLE: "skipped",
    Outcome.SKIP: "skipped",
}


def write_all(matrix: Matrix, folder: Path) -> list[Path]:
    """``folder``/NAME.xml for each interpreter; the folder is made where there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(matrix, at, column, folder) for at, column in enumerate(matrix.columns)]


def _write(matrix: Matrix, at: int, column: Column, folder: Path) -> Path:
    suite = ElementTree.Element("testsuite", name=column.name, time=f"{column.seconds:.3f}")
    cells = [(row, row.cells[at]) for row in matrix.rows]
    suite.set("tests", str(len(cells)))
    for attribute, element in (
        ("failures", "failure"),
        ("errors", "error"),
        ("skipped", "skipped"),
    ):
        count = sum(ELEMENT.get(cell.outcome) == element for _, cell in cells)
        suite.set(attribute, str(count))
    for row, cell in cells:
        suite.append(_case(row, cell))
    troubles = [*column.trouble, *([f"lost: {column.lost}"] if column.lost else [])]
    if troubles:
        ElementTree.SubElement(suite, "system-err").text = "\n".join(troubles)
    path = folder / f"{column.name}.xml"
    document = ElementTree.Element("testsuites")
    document.append(suite)
    ElementTree.ElementTree(document).write(path, encoding="utf-8", xml_declaration=True)
    return path


def _case(row: Row, cell: Cell) -> ElementTree.Element:
    _, _, name = row.test.partition("::")
    case = ElementTree.Element(
        "testcase",
        classname=row.file.removesuffix(".py").replace("/", "."),
        name=name or row.file,
        time=f"{cell.seconds:.3f}",
    )
    if cell.outcome in ELEMENT:
        message = f"{cell.outcome.value}: {cell.message}"
        told = ElementTree.SubElement(case, ELEMENT[cell.outcome], message=message)
        told.text = cell.detail or None
    return case

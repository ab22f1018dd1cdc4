"""Columns become rows; what differs, what does not count, and the exit status."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from portable_harness.matrix import next_step
from portable_harness.matrix.merge import Matrix, merge
from portable_harness.matrix.outcomes import Cell, Column, Outcome, skipped

PASS = Cell(Outcome.PASS)
FAIL = Cell(Outcome.FAIL, 0.1, "AssertionError: no")
CRASH = Cell(Outcome.CRASH, 0.0, "the process was killed by SIGSEGV")
LEDGER = skipped("ledger:no-fork: Jython has no fork")


def column(name: str, cells: Mapping[str, Cell], **more: object) -> Column:
    made = Column(name, cells={f"tests/test_a.py::{test}": cell for test, cell in cells.items()})
    for attribute, value in more.items():
        setattr(made, attribute, value)
    return made


def outcomes(matrix: Matrix) -> dict[str, list[str]]:
    return {
        row.test.rpartition("::")[2]: [cell.outcome.value for cell in row.cells]
        for row in matrix.rows
    }


def test_rows_are_the_union_in_the_suite_s_order() -> None:
    first = column("one", {"test_a": PASS, "test_c": PASS})
    two = column("two", {"test_a": PASS, "test_b": FAIL, "test_c": PASS})
    matrix = merge([first, two])
    assert outcomes(matrix) == {
        "test_a": ["pass", "pass"],
        "test_c": ["pass", "pass"],
        "test_b": ["absent", "fail"],
    }


def test_a_test_that_one_interpreter_has_not_is_no_success() -> None:
    matrix = merge([column("one", {"x": PASS}), column("two", {"x": PASS, "y": PASS})])
    assert [row.test for row in matrix.differences()] == ["tests/test_a.py::y"]
    assert (matrix.status(), matrix.status(skip_absent=True)) == (1, 0)
    assert "same name on every interpreter" in next_step.after(matrix, None)


def test_a_difference_is_another_outcome() -> None:
    first = column("one", {"same": PASS, "differs": PASS, "both_bad": FAIL})
    two = column("two", {"same": PASS, "differs": CRASH, "both_bad": FAIL})
    matrix = merge([first, two])
    assert [row.test.rpartition("::")[2] for row in matrix.differences()] == ["differs"]
    assert [row.test.rpartition("::")[2] for row in matrix.alike_and_bad()] == ["both_bad"]
    assert matrix.status() == 1


def test_the_ledger_explains_a_difference() -> None:
    matrix = merge([column("one", {"fork": PASS}), column("two", {"fork": LEDGER})])
    assert matrix.differences() == []
    ((_row, where, cell),) = matrix.explained()["no-fork"]
    assert (where.name, cell) == ("two", LEDGER)
    assert matrix.status() == 0


def test_another_skip_is_a_difference_and_never_a_pass() -> None:
    matrix = merge([column("one", {"x": PASS}), column("two", {"x": skipped("no network")})])
    assert len(matrix.differences()) == 1
    assert matrix.totals(matrix.columns[1]) == {Outcome.SKIP: 1}


def test_an_absent_interpreter_is_never_a_success() -> None:
    gone = Column("jython", absent="not found; try: install it")
    matrix = merge([column("one", {"x": PASS}), gone])
    assert outcomes(matrix) == {"x": ["pass", "absent"]}
    assert matrix.differences() == []
    assert matrix.status() == 1
    assert matrix.status(skip_absent=True) == 0
    assert "jython" in next_step.after(matrix, None)
    assert next_step.after(matrix, None, skip_absent=True).startswith("All fine.")


def test_nothing_but_absent_ones_is_a_failure_even_when_skipped() -> None:
    assert merge([Column("jython", absent="not found")]).status(skip_absent=True) == 1


def test_a_file_that_failed_to_import_fails_its_tests_and_passes_nowhere() -> None:
    files = {"tests/test_a.py": Cell(Outcome.FAIL, 0.0, "not collected: X")}
    matrix = merge([column("one", {"x": PASS}), Column("two", files=files)])
    assert [(row.test, [cell.outcome for cell in row.cells]) for row in matrix.rows] == [
        ("tests/test_a.py::x", [Outcome.PASS, Outcome.FAIL]),
    ]
    assert matrix.status() == 1
    alone = merge([Column("two", files=files)])
    assert [(row.test, row.cells[0].outcome) for row in alone.rows] == [
        ("tests/test_a.py", Outcome.FAIL)
    ]


def test_a_file_skipped_as_a_whole_gives_its_reason_to_each_test() -> None:
    without = Column("two", files={"tests/test_a.py": LEDGER})
    matrix = merge([column("one", {"x": PASS}), without])
    assert outcomes(matrix) == {"x": ["pass", "not applicable"]}
    assert matrix.status() == 0


def test_a_run_that_died_early_leaves_no_blank() -> None:
    dead = Column("two", trouble=["the process was killed by SIGKILL; before the first test"])
    matrix = merge([column("one", {"x": PASS}), dead])
    assert outcomes(matrix) == {"x": ["pass", "unreached"]}
    assert matrix.differences() == matrix.alike_and_bad() == []
    assert matrix.status() == 1
    assert "two" in next_step.after(matrix, None)


def test_interrupted_is_130_and_unreached_no_difference() -> None:
    cut = column("two", {"x": Cell(Outcome.UNREACHED)}, interrupted=True)
    matrix = merge([column("one", {"x": PASS}), cut], interrupted=True)
    assert matrix.status() == 130
    assert matrix.differences() == []
    assert next_step.after(matrix, None).startswith("Interrupted.")


@pytest.mark.parametrize(
    ("reason", "outcome", "identity"),
    [
        ("Skipped: ledger:a-b: text", Outcome.NOT_APPLICABLE, "a-b"),
        ("ledger:a-b: text: more", Outcome.NOT_APPLICABLE, "a-b"),
        ("no ledger: none", Outcome.SKIP, None),
    ],
)
def test_reasons_of_skips(reason: str, outcome: Outcome, identity: str | None) -> None:
    cell = skipped(reason)
    assert (cell.outcome, cell.ledger_id) == (outcome, identity)


def test_the_next_step_names_the_test_and_the_interpreter() -> None:
    matrix = merge([column("one", {"x": PASS}), column("two", {"x": FAIL})])
    step = next_step.after(matrix, None)
    assert "--interpreters two --only tests/test_a.py::x" in step

"""A crash, a hang and a standstill are outcomes; the cases after them are reached all the same."""

from __future__ import annotations

import contextlib
import os

import psutil
import pytest

from portable_harness.base.processes import MARK
from portable_harness.interpreters import Absent
from portable_harness.litmus.results import Table
from tests.host.litmus_controller.conftest import RunCases
from tests.host.litmus_controller.this_python import HERE


def seen(table: Table, case: str) -> dict[str, str]:
    """The outcomes of a case on this Python with their grades."""
    result = table.columns[0].results[f"wrong_cases.{case}"]
    return {outcome: result.grades[outcome] for outcome in result.outcomes}


def left_behind() -> list[psutil.Process]:
    """Processes that a child of ours started and that still run."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(MARK, "").startswith(f"{os.getpid()}-"):
                found.append(process)
    return found


def test_a_crash_is_an_outcome_and_the_rest_is_run(run_cases: RunCases) -> None:
    table = run_cases("AFine", "BAborts", "LLast")
    assert seen(table, "BAborts") == {"CRASH": "forbidden"}
    assert seen(table, "AFine") == seen(table, "LLast") == {"fine": "acceptable"}
    assert table.columns[0].processes == 2
    detail = table.columns[0].results["wrong_cases.BAborts"].details["CRASH"]
    assert "SIGABRT" in detail
    assert "in second" in detail, "the stack that faulthandler prints"
    assert table.status == 1


def test_a_crash_of_the_last_case_ends_the_run(run_cases: RunCases) -> None:
    table = run_cases("AFine", "BAborts")
    assert table.columns[0].processes == 1
    assert table.columns[0].trouble == []


def test_a_crash_behind_the_last_case_is_said(run_cases: RunCases) -> None:
    table = run_cases("AFine", "MCrashesAtExit")
    assert seen(table, "MCrashesAtExit") == {"fine": "acceptable"}
    assert "after wrong_cases.MCrashesAtExit: the process was killed by SIGABRT" in str(
        table.columns[0].trouble
    )
    assert table.status == 2


def test_a_crash_that_the_table_knows_fails_nothing(run_cases: RunCases) -> None:
    table = run_cases("GCrashIsKnown", "LLast")
    assert seen(table, "GCrashIsKnown") == {"CRASH": "interesting"}
    assert seen(table, "LLast") == {"fine": "acceptable"}
    assert table.status == 0


def test_a_hang_is_an_outcome_with_its_stacks(run_cases: RunCases) -> None:
    table = run_cases("DHangs", "LLast")
    assert seen(table, "DHangs") == {"HANG": "forbidden"}
    assert seen(table, "LLast") == {"fine": "acceptable"}
    assert "waits_for_ever" in table.columns[0].results["wrong_cases.DHangs"].details["HANG"]


def test_a_standstill_is_seen_from_outside_and_ended(run_cases: RunCases) -> None:
    table = run_cases("FStops", "LLast")
    assert seen(table, "FStops") == {"HANG": "forbidden"}
    assert seen(table, "LLast") == {"fine": "acceptable"}
    assert left_behind() == []


@pytest.mark.parametrize(
    ("case", "outcomes", "status"),
    [
        ("AFine", {"fine": "acceptable"}, 0),
        ("CInteresting", {"odd": "interesting"}, 0),
        ("EForbidden", {"never promised": "forbidden"}, 1),
        ("HRaises", {"raises ValueError": "forbidden"}, 1),
        ("JForced", {"ab": "acceptable"}, 0),
        ("KForcedWrong", {"ab": "forbidden"}, 1),
    ],
)
def test_only_forbidden_gives_1(
    run_cases: RunCases, case: str, outcomes: dict[str, str], status: int
) -> None:
    table = run_cases(case)
    assert seen(table, case) == outcomes
    assert table.status == status


def test_the_first_traceback_of_an_exception_is_kept(run_cases: RunCases) -> None:
    details = run_cases("HRaises").columns[0].results["wrong_cases.HRaises"].details
    assert "on purpose" in details["raises ValueError"]


def test_a_case_that_is_at_fault_is_not_measured(run_cases: RunCases) -> None:
    table = run_cases("IBroken", "LLast")
    assert "KeyError" in table.columns[0].results["wrong_cases.IBroken"].error
    assert seen(table, "LLast") == {"fine": "acceptable"}
    assert table.status == 2


def test_absent_is_never_fine(run_cases: RunCases) -> None:
    table = run_cases("AFine", absent=[Absent("2.6", "not found", "get it")])
    assert [column.state for column in table.columns] == ["fine", "absent"]
    assert table.columns[1].results == {}
    assert table.status == 2


def test_repetitions_are_added_up(run_cases: RunCases) -> None:
    table = run_cases("JForced", repeats=3)
    result = table.columns[0].results["wrong_cases.JForced"]
    assert result.outcomes == {"ab": 3}
    assert result.failed == {0: False, 1: False, 2: False}
    assert table.unsteady == []


def test_a_race_that_was_not_met_proves_nothing(run_cases: RunCases) -> None:
    assert run_cases("AFine", "JForced").proves_nothing
    assert not run_cases("AFine", "CInteresting").proves_nothing
    assert not run_cases("JForced").proves_nothing, "a schedule is no race"


def test_the_column_knows_its_interpreter(run_cases: RunCases) -> None:
    column = run_cases("AFine").columns[0]
    assert column.name == HERE.name
    assert column.facts["class"] == HERE.klass


def test_racy_and_mended_stand_together(run_cases: RunCases) -> None:
    names = [case.short for case in run_cases().cases]
    assert names[names.index("CInteresting") + 1] == "CInterestingMended"
    assert len(names) == len(set(names)) == 14

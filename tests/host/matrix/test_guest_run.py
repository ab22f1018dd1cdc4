"""Real processes of real pytest: every outcome comes from something that happens."""

from __future__ import annotations

import re
import sys
import threading
from pathlib import Path

import psutil
import pytest

from portable_harness.matrix.guest_run import Plan, run_guest
from portable_harness.matrix.guests import Guest
from portable_harness.matrix.outcomes import Outcome
from portable_harness.matrix.process import EXIT_LIMIT, WATCHDOG_STATUS, Limits

from .conftest import RunOne, Suite

EVERYTHING = """
    import pytest

    @pytest.fixture
    def broken():
        raise RuntimeError("no fixture today")

    @pytest.fixture
    def broken_afterwards():
        yield
        raise RuntimeError("not cleaned up")

    def test_good():
        pass

    def test_bad():
        print("captured words")
        assert 1 == 2, "one is not two"

    def test_skipped():
        pytest.skip("not today")

    def test_by_ledger():
        pytest.skip("ledger:no-fork: Jython has no fork")

    @pytest.mark.xfail(reason="known")
    def test_expected():
        assert False

    def test_setup(broken):
        pass

    def test_teardown(broken_afterwards):
        pass
"""


def test_each_plain_outcome(suite: Suite, run_one: RunOne) -> None:
    column = run_one(suite(all=EVERYTHING))
    by_name = {test.rpartition("::")[2]: cell for test, cell in column.cells.items()}
    assert {name: cell.outcome for name, cell in by_name.items()} == {
        "test_good": Outcome.PASS,
        "test_bad": Outcome.FAIL,
        "test_skipped": Outcome.SKIP,
        "test_by_ledger": Outcome.NOT_APPLICABLE,
        "test_expected": Outcome.SKIP,
        "test_setup": Outcome.FAIL,
        "test_teardown": Outcome.FAIL,
    }
    assert by_name["test_bad"].message == "AssertionError: one is not two"
    assert "captured words" in by_name["test_bad"].detail
    assert by_name["test_setup"].message == "in setup: RuntimeError: no fixture today"
    assert by_name["test_by_ledger"].ledger_id == "no-fork"
    assert by_name["test_skipped"].message == "not today"
    assert column.trouble == []
    assert column.is_bad
    assert column.processes == 1


CRASH_IN_THE_MIDDLE = """
    import os

    def test_before():
        pass

    def test_crash():
        os.abort()

    def test_behind():
        pass
"""


def test_a_crash_belongs_to_its_test_and_the_rest_is_run(suite: Suite, run_one: RunOne) -> None:
    column = run_one(suite(crash=CRASH_IN_THE_MIDDLE))
    assert [cell.outcome for cell in column.cells.values()] == [
        Outcome.PASS,
        Outcome.CRASH,
        Outcome.PASS,
    ]
    crash = column.cells["tests/test_crash.py::test_crash"]
    assert crash.message == "the process was killed by SIGABRT"
    assert "test_crash" in crash.detail  # faulthandler's stacks
    assert column.processes == 2


def test_stop_on_crash_marks_what_was_not_reached(suite: Suite, run_one: RunOne) -> None:
    column = run_one(suite(crash=CRASH_IN_THE_MIDDLE), keep_going=False)
    behind = column.cells["tests/test_crash.py::test_behind"]
    assert behind.outcome is Outcome.UNREACHED
    assert behind.message == "not run: the process was killed by SIGABRT"
    assert "1 of its tests were not reached" in column.trouble[0]
    assert column.processes == 1


def test_leaving_the_interpreter_is_a_crash_too(suite: Suite, run_one: RunOne) -> None:
    column = run_one(suite(exit="import os\ndef test_exit():\n    os._exit(0)\n"))
    (cell,) = column.cells.values()
    assert cell.outcome is Outcome.CRASH
    assert cell.message == "the process ended by itself with status 0"


def test_the_watchdog_of_the_suite_is_a_hang(suite: Suite, run_one: RunOne) -> None:
    text = (
        f"import os\ndef test_watched():\n    os._exit({WATCHDOG_STATUS})\ndef test_next(): pass\n"
    )
    column = run_one(suite(watched=text))
    assert [cell.outcome for cell in column.cells.values()] == [Outcome.HANG, Outcome.PASS]


def test_a_hang_is_ended_with_its_stacks(suite: Suite, run_one: RunOne) -> None:
    text = """
        import threading

        def test_waits_for_nobody():
            threading.Event().wait()

        def test_behind():
            pass
    """
    column = run_one(suite(hang=text), step=2.0)
    hang, behind = column.cells.values()
    assert hang.outcome is Outcome.HANG
    assert re.fullmatch(
        r"no progress for \d+ s; run once more, alone: no progress for \d+ s", hang.message
    )
    assert "test_waits_for_nobody" in hang.detail
    assert behind.outcome is Outcome.PASS


def test_a_hang_that_does_not_come_again_is_reported_with_both_results(
    suite: Suite, run_one: RunOne, tmp_path: Path
) -> None:
    text = f"""
        import os, threading

        def test_hangs_once():
            if not os.path.exists({str(tmp_path / "note")!r}):
                open({str(tmp_path / "note")!r}, "w").close()
                threading.Event().wait()
    """
    column = run_one(suite(once=text), step=2.0)
    (cell,) = column.cells.values()
    assert cell.outcome is Outcome.HANG
    assert re.search(r"; run once more, alone: pass in \d\.\d s$", cell.message)


LASTS = "import threading\ndef test_lasts(): threading.Event().wait(2.5)\n"


def test_the_limit_of_a_test_follows_the_pace_of_the_guest(suite: Suite, run_one: RunOne) -> None:
    column = run_one(suite(lasts=LASTS), step=1.0, variables={"PORTABLE_PACE": "5"})
    assert [cell.outcome for cell in column.cells.values()] == [Outcome.PASS]
    assert column.pace >= 5.0  # this machine may be slower still


def test_a_machine_that_became_slower_is_no_hang(
    suite: Suite, run_one: RunOne, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portable_harness.matrix.pace.measure", lambda: 5.0)
    column = run_one(suite(lasts=LASTS), step=1.0, variables={"PORTABLE_PACE": "1"})
    assert [cell.outcome for cell in column.cells.values()] == [Outcome.PASS]


ENDLESS = """
    import threading

    def test_quick():
        pass

    def test_long():
        threading.Event().wait()

    def test_never():
        pass
"""


def test_the_limit_of_the_guest_ends_it(suite: Suite, run_one: RunOne) -> None:
    column = run_one(suite(slow=ENDLESS), limit=20.0)
    over = "the time limit of 20 s (--time-limit) was over"
    assert [(cell.outcome, cell.message) for cell in column.cells.values()] == [
        (Outcome.PASS, ""),
        (Outcome.UNREACHED, f"cut short: {over}"),
        (Outcome.UNREACHED, f"not run: {over}"),
    ]
    assert column.trouble == [f"2 of its tests were not reached: {over}"]


def test_a_file_that_cannot_be_imported_does_not_stop_the_others(
    suite: Suite, run_one: RunOne
) -> None:
    column = run_one(suite(a="import nowhere_to_be_found\n", b="def test_good(): pass\n"))
    assert column.cells["tests/test_b.py::test_good"].outcome is Outcome.PASS
    broken = column.files["tests/test_a.py"]
    assert broken.outcome is Outcome.FAIL
    assert "nowhere_to_be_found" in broken.message


def test_an_interpreter_without_pytest_is_trouble(suite: Suite, tmp_path: Path) -> None:
    bare = Guest("bare", (sys.executable, "-S"), {})
    plan = Plan(suite(a="def test_good(): pass\n"), tmp_path / "runs", ["tests"])
    column = run_guest(bare, plan, threading.Event(), lambda name, transcript: None)
    assert column.cells == {}
    assert "before the first test" in column.trouble[0]
    assert "No module named pytest" in column.trouble[0]


def test_threads_that_keep_the_process_alive_are_trouble(
    suite: Suite, run_one: RunOne, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portable_harness.matrix.process.EXIT_LIMIT", 2.0)
    assert EXIT_LIMIT > 2.0
    text = """
        import threading

        def test_leaves_a_thread_behind():
            threading.Thread(target=threading.Event().wait).start()
    """
    column = run_one(suite(thread=text))
    assert [cell.outcome for cell in column.cells.values()] == [Outcome.PASS]
    assert "still running 2 s after its last test; all tests had ended" in column.trouble[0]
    assert column.is_bad


@pytest.mark.parametrize("how", ["start_new_session=True", "env={}"])
def test_children_do_not_outlive_the_run(
    suite: Suite, run_one: RunOne, tmp_path: Path, how: str
) -> None:
    """Neither one that no signal to the group reaches, nor one without our variable."""
    note = tmp_path / "child"
    text = f"""
        import subprocess, sys

        def test_starts_a_server():
            code = "import time; time.sleep(600)"
            child = subprocess.Popen([sys.executable, "-c", code], {how})
            with open({str(note)!r}, "w") as stream:
                stream.write(str(child.pid))
    """
    column = run_one(suite(child=text))
    assert [cell.outcome for cell in column.cells.values()] == [Outcome.PASS]
    assert _is_gone(int(note.read_text()))


def _is_gone(number: int) -> bool:
    try:
        psutil.Process(number).wait(10)
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return False
    return True


def test_stopping_keeps_what_was_measured(suite: Suite, run_one: RunOne) -> None:
    stop = threading.Event()
    column = run_one(
        suite(long=ENDLESS),
        stop=stop,
        update=lambda name, transcript: stop.set() if transcript.cells else None,
    )
    outcomes = [cell.outcome for cell in column.cells.values()]
    assert outcomes == [Outcome.PASS, Outcome.UNREACHED, Outcome.UNREACHED]
    assert column.interrupted


def test_a_forked_child_does_not_write_into_the_record(
    suite: Suite, run_one: RunOne, tmp_path: Path
) -> None:
    text = """
        import os, pytest

        def test_forks():
            child = os.fork()
            if not child:
                raise AssertionError("this is the child's affair")
            os.waitpid(child, 0)

        def test_next():
            pass
    """
    column = run_one(suite(fork=text))
    assert [cell.outcome for cell in column.cells.values()] == [Outcome.PASS, Outcome.PASS]
    (record,) = (tmp_path / "runs").rglob("record.jsonl")
    assert record.read_text(encoding="utf-8").count('"event": "finish"') == 1


def test_only_a_test_has_a_limit_by_default() -> None:
    assert Limits().guest is None
    assert Limits().step > 0

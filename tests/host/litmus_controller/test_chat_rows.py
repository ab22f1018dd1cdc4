"""Rows 59 to 65: a server that keeps its promises, one that does not, and a judge that errs."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

import pytest

from portable_harness.chat.check import Outcome
from portable_harness.chat.checker import Verdict
from portable_harness.chat.faults import Fault
from portable_harness.chat.history import History, HistoryError
from portable_harness.chat.recorder import RecordingError
from portable_harness.litmus import chat_lessons, chat_rows, judging
from portable_harness.litmus.results import CRASH, FORBIDDEN, HANG, Case, Column
from tests.host.litmus_controller.this_python import HERE

FINE = Verdict([], 9, 5, 100, 400, 20, [0.001])


def ran(*rows: int) -> dict[int, dict[str, int]]:
    """The outcomes of rows on this Python; those that are forbidden are counted below zero."""
    return {row: counted for row, (counted, _) in ran_with_errors(*rows).items()}


def ran_with_errors(*rows: int) -> dict[int, tuple[dict[str, int], str]]:
    column = Column("here")
    cases = [chat_lessons.case_of_row(row) for row in rows]
    chat_rows.run_rows(column, HERE, cases, 1, 0.3, threading.Event(), lambda said: None)
    return {case.rows[0]: _counted(column, case) for case in cases}


def _counted(column: Column, case: Case) -> tuple[dict[str, int], str]:
    result = column.results[case.name]
    signs = {
        outcome: -count if result.grades[outcome] == FORBIDDEN else count
        for outcome, count in result.outcomes.items()
    }
    return signs, result.error


def test_our_server_keeps_them_all() -> None:
    kept = {"kept": 1}
    assert ran(*range(59, 66)) == {
        59: kept,
        60: kept,
        61: kept,
        62: kept,
        63: {"cut off, others unaffected": 1},
        64: {"drained": 2},
        65: {"good accepted": judging.GOOD, "bad found": 8 * judging.BAD_OF_EACH},
    }


def test_a_fault_is_booked_to_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    faults = [Fault("fifo", 3, "b before a"), Fault("echo", 4, "its own"), Fault("fifo", 5, "x")]
    _give(monkeypatch, Outcome(History(), replace(FINE, faults=faults)))
    assert ran(59, 60, 61, 62) == {
        59: {"echo": -1},
        60: {"fifo": -1},
        61: {"kept": 1},
        62: {"kept": 1},
    }


def test_a_server_that_does_not_answer_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    _give(monkeypatch, RecordingError("no answer to a name"))
    assert ran(63) == {63: {HANG: -1}}


def test_a_history_that_cannot_be_judged_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    _give(monkeypatch, HistoryError("no witness"))
    assert ran_with_errors(63) == {63: ({}, "no witness")}


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("import sys; sys.stdin.read(); sys.exit(3)", "status 3"),
        ("import os, sys; sys.stdin.read(); os.abort()", CRASH),
    ],
)
def test_a_server_that_ends_badly_is_found(
    monkeypatch: pytest.MonkeyPatch, words: str, outcome: str
) -> None:
    _give(monkeypatch, Outcome(History(), FINE), stops=True)
    ready = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    ready += "print('listening on 127.0.0.1:9', flush=True); "
    _serve(monkeypatch, ready + words)
    monkeypatch.setattr(chat_rows, "BOUND", 5.0)
    assert ran(64)[64][outcome] == -2


def test_a_server_that_does_not_start_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    _serve(monkeypatch, "raise SystemExit('no such module')")
    counted, why = ran_with_errors(63)[63]
    assert counted == {}
    assert "no such module" in why


def test_both_errors_of_a_judge_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = 8 * judging.BAD_OF_EACH
    monkeypatch.setattr(judging, "judge", lambda history: FINE)
    assert ran(65) == {65: {"good accepted": judging.GOOD, "bad missed": -bad}}
    accuser = replace(FINE, faults=[Fault("lost", 1, "")])
    monkeypatch.setattr(judging, "judge", lambda history: accuser)
    assert ran(65) == {65: {"good accused": -judging.GOOD, "bad found": bad}}


def test_an_interruption_ends_the_server_and_accuses_nobody() -> None:
    column, stop = Column("here"), threading.Event()
    cases = [chat_lessons.case_of_row(row) for row in (59, 63)]

    def update(said: str) -> None:
        threading.Timer(0.5, stop.set).start()

    chat_rows.run_rows(column, HERE, cases, 1, 30.0, stop, update)
    assert column.results == {}


def test_names_choose_rows() -> None:
    chosen, rest = chat_lessons.select(("61", "chat_rows.NothingLost", "row_01_lost_update", "7"))
    assert [case.rows for case in chosen] == [(59,), (61,)]
    assert rest == ("row_01_lost_update", "7")
    assert len(chat_lessons.select(("chat_rows",))[0]) == 7


def _give(monkeypatch: pytest.MonkeyPatch, counted: Any, stops: bool = False) -> None:
    """What the recording comes to, whatever the server does."""

    def check(address: Any, workload: Any, stop: Any = None) -> Outcome:
        if stops:
            stop()
        if isinstance(counted, Exception):
            raise counted
        assert isinstance(counted, Outcome)
        return counted

    monkeypatch.setattr(chat_rows, "check", check)


def _serve(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """Another server: a program of this Python."""
    command = (*HERE.command, "-c", program)
    monkeypatch.setattr(chat_rows, "portable_server_command", lambda *unused: command)

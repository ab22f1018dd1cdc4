"""A run as JSON; docs/litmus.md describes every key. The other forms are made from it."""

from __future__ import annotations

from typing import Any

from portable_harness.litmus.progress import counted
from portable_harness.litmus.results import FORBIDDEN, INTERESTING, Case, Column, Result, Table

SCHEMA = 1


def document(table: Table) -> dict[str, Any]:
    """A JSON-able dict with all that was measured."""
    return {
        "schema": SCHEMA,
        **table.facts,
        "status": table.status,
        "interrupted": table.interrupted,
        "proves_nothing": table.proves_nothing,
        "rows": sorted({row for case in table.cases for row in case.rows}),
        "interpreters": [_column(column) for column in table.columns],
        "forbidden": [
            {"case": case.name, "interpreter": column.name, "outcomes": result.seen(FORBIDDEN)}
            for case, column, result in table.cells()
            if result.seen(FORBIDDEN)
        ],
        "not_measured": [
            {"case": case.name, "interpreter": column.name, "why": result.error}
            for case, column, result in table.cells()
            if result.error
        ],
        "unsteady": [
            {"case": case.name, "interpreter": column.name} for case, column in table.unsteady
        ],
        "cases": [_case(table, case) for case in table.cases],
    }


def _column(column: Column) -> dict[str, Any]:
    grades = counted(column)
    return {
        "name": column.name,
        "state": column.state,
        "class": column.facts.get("class"),
        "facts": dict(column.facts),
        "absent": column.absent,
        "lost": column.lost,
        "trouble": column.trouble,
        "seconds": round(column.seconds, 1),
        "processes": column.processes,
        "cases": len(column.results),
        "interesting": grades[INTERESTING],
        "forbidden": grades[FORBIDDEN],
    }


def _case(table: Table, case: Case) -> dict[str, Any]:
    return {
        "name": case.name,
        "kind": case.kind,
        "rows": list(case.rows),
        "title": case.title,
        "lesson": case.lesson,
        "file": case.file,
        "mends": case.mends,
        "due": case.due,
        "expectations": [dict(expectation) for expectation in case.expectations],
        "results": {
            column.name: _result(column.results[case.name])
            for column in table.columns
            if case.name in column.results
        },
    }


def _result(result: Result) -> dict[str, Any]:
    rate = result.rate
    return {
        "rounds": result.rounds,
        "seconds": round(result.seconds, 3),
        "rounds_per_second": None if rate is None else round(rate, 1),
        "outcomes": {
            outcome: {"count": count, "grade": result.grades[outcome]}
            for outcome, count in sorted(result.outcomes.items())
        },
        "due": result.due,
        "details": result.details,
        "error": result.error,
        "unsteady": result.is_unsteady,
    }
